// Writes an image, or one bare layer, for bench/performance/compare.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "bench/performance/images.h"

namespace {

using namespace watertight::bench;

constexpr const char* kUsage =
    "usage: make_bench_image OUT [--layers N] [--entries N] [--bytes N] [--form ustar|pax|times]\n"
    "                        [--same-paths] [--holes] [--bare] [--layer-file FILE]\n"
    "Writes an image of N layers to OUT; with --bare, the tar of one layer; with --layer-file, an\n"
    "image whose only layer is FILE. --entries and --bytes are of each layer.\n"
    "example: make_bench_image app.tar --entries 20000 --bytes 1000000000\n";

int Run(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]) == "--help") {
    std::cout << kUsage;
    return argc < 2 ? 2 : 0;
  }
  LayerShape shape;
  std::size_t count = 1;
  bool same_paths = false;
  bool bare = false;
  std::string layer_file;
  const std::map<std::string, Form> forms = {
      {"ustar", Form::kUstar}, {"pax", Form::kPax}, {"times", Form::kTimes}};
  const std::map<std::string, std::function<void()>> switches = {
      {"--same-paths", [&] { same_paths = true; }},
      {"--holes", [&] { shape.holes = true; }},
      {"--bare", [&] { bare = true; }}};
  const std::map<std::string, std::function<void(const std::string&)>> values = {
      {"--layers", [&](const std::string& v) { count = std::stoul(v); }},
      {"--entries", [&](const std::string& v) { shape.entries = std::stoul(v); }},
      {"--bytes", [&](const std::string& v) { shape.content_bytes = std::stoull(v); }},
      {"--form", [&](const std::string& v) { shape.form = forms.at(v); }},
      {"--layer-file", [&](const std::string& v) { layer_file = v; }}};
  for (int i = 2; i < argc; ++i) {
    const std::string option = argv[i];
    if (switches.count(option) != 0) {
      switches.at(option)();
    } else if (values.count(option) != 0 && i + 1 < argc) {
      values.at(option)(argv[++i]);
    } else {
      std::cerr << "make_bench_image: " << option << " is no option\n" << kUsage;
      return 2;
    }
  }
  if (bare) {
    std::ofstream out(argv[1], std::ios::binary);
    WriteLayer(
        shape,
        [&](std::string_view piece) {
          out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        },
        [&](std::uint64_t size) { out.seekp(static_cast<std::streamoff>(size), std::ios::cur); });
    return out.flush() ? 0 : 2;
  }
  std::vector<LayerSource> layers;
  for (std::size_t i = 0; i < count; ++i) {
    layers.push_back({shape, layer_file});
    if (!same_paths) shape.first += (shape.entries + 19) / 20 * 20;
  }
  WriteImage(argv[1], layers);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "make_bench_image: " << error.what() << "\n";
    return 2;
  }
}
