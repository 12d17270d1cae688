#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Ai(std::string_view id, std::string_view title, std::string_view shape,
        std::string_view variable, std::vector<Form> forms = {}) {
  return {.id = id,
          .credential_class = "ai",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

std::vector<Form> BearerForms(const std::string& url) {
  return {{"curl", "curl -H 'Authorization: Bearer {{value}}' " + url}};
}

const char* const kOpenaiUrl = "https://api.openai.com/v1/models";

}  // namespace

// T3BlbkFJ is "OpenAI" in base 64, and stands in the middle of every key.
std::vector<Kind> AiKinds() {
  return {
      Ai("openai-legacy", "OpenAI API key of the older form", "sk-[b62:20]T3BlbkFJ[b62:20]",
         "OPENAI_API_KEY", BearerForms(kOpenaiUrl)),
      Ai("openai-project", "OpenAI project API key", "sk-proj-[b64u:74]T3BlbkFJ[b64u:74]",
         "OPENAI_API_KEY", BearerForms(kOpenaiUrl)),
      Ai("openai-svcacct", "OpenAI service account API key",
         "sk-svcacct-[b64u:74]T3BlbkFJ[b64u:74]", "OPENAI_API_KEY", BearerForms(kOpenaiUrl)),
      Ai("openai-admin", "OpenAI admin API key", "sk-admin-[b64u:58]T3BlbkFJ[b64u:58]",
         "OPENAI_ADMIN_KEY", BearerForms(kOpenaiUrl)),
      Ai("anthropic-api", "Anthropic API key", "sk-ant-api03-[b64u:93]AA", "ANTHROPIC_API_KEY",
         {{"curl", "curl -H 'x-api-key: {{value}}' https://api.anthropic.com/v1/models"}}),
      Ai("anthropic-admin", "Anthropic admin API key", "sk-ant-admin01-[b64u:93]AA",
         "ANTHROPIC_ADMIN_KEY"),
      Ai("huggingface-token", "Hugging Face access token", "hf_[letters:34]", "HF_TOKEN",
         {{"file:.cache/huggingface/token", "{{value}}"},
          {"login", "huggingface-cli login --token {{value}}"}}),
      Ai("groq", "Groq API key", "gsk_[b62:52]", "GROQ_API_KEY"),
      Ai("xai", "xAI API key", "xai-[b62:80]", "XAI_API_KEY"),
      Ai("replicate", "Replicate API token", "r8_[b62:37]", "REPLICATE_API_TOKEN"),
      Ai("perplexity", "Perplexity API key", "pplx-[b62:48]", "PERPLEXITY_API_KEY"),
      Ai("deepseek", "DeepSeek API key", "sk-[hex:32]", "DEEPSEEK_API_KEY"),
  };
}

}  // namespace watertight::generator::credentials
