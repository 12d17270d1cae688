#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {

RuleRows AiRules() {
  constexpr Level kError = Level::kError;
  return {
      {"anthropic-api", "ai", "Anthropic API key", kError, "sk-ant-a",
       R"(sk-ant-api03-[\w-]{93}AA)", MadeByChance, 0, 160, Edge::kToken},
      {"anthropic-admin", "ai", "Anthropic admin key", kError, "sk-ant-a",
       R"(sk-ant-admin01-[\w-]{93}AA)", MadeByChance, 0, 160, Edge::kToken},
      {"openai-project", "ai", "OpenAI project key", kError, "sk-proj-",
       R"(sk-proj-(?:[\w-]{58}T3BlbkFJ[\w-]{58}|[\w-]{74}T3BlbkFJ[\w-]{74}))", MadeByChance, 0, 200,
       Edge::kToken},
      {"openai-svcacct", "ai", "OpenAI service account key", kError, "sk-svcac",
       R"(sk-svcacct-(?:[\w-]{58}T3BlbkFJ[\w-]{58}|[\w-]{74}T3BlbkFJ[\w-]{74}))", MadeByChance, 0,
       200, Edge::kToken},
      {"openai-admin", "ai", "OpenAI admin key", kError, "sk-admin",
       R"(sk-admin-(?:[\w-]{58}T3BlbkFJ[\w-]{58}|[\w-]{74}T3BlbkFJ[\w-]{74}))", MadeByChance, 0,
       200, Edge::kToken},
      {"openai-legacy", "ai", "OpenAI key of the older form", kError, "T3BlbkFJ",
       R"(sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20})", MadeByChance, 23, 64},
      {"huggingface-token", "ai", "Hugging Face token", kError, "hf_", R"(hf_[A-Za-z]{34})",
       MadeByChance, 0, 64, Edge::kToken},
      {"groq", "ai", "Groq API key", kError, "gsk_", R"(gsk_[0-9A-Za-z]{52})", MadeByChance, 0, 96},
      {"xai", "ai", "xAI API key", kError, "xai-", R"(xai-[0-9A-Za-z]{80})", MadeByChance, 0, 128},
      {"replicate", "ai", "Replicate API token", kError, "r8_", R"(r8_[0-9A-Za-z]{37})",
       MadeByChance, 0, 64},
      {"perplexity", "ai", "Perplexity API key", kError, "pplx-", R"(pplx-[0-9A-Za-z]{48})",
       MadeByChance, 0, 96},
      {"deepseek", "ai", "DeepSeek API key", kError, "sk-", R"(sk-[0-9a-f]{32})", MadeByChance, 0,
       64, Edge::kToken},
  };
}

}  // namespace watertight
