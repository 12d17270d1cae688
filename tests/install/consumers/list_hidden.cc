#include <watertight/image.h>

#include <iostream>

int main(int, char** argv) {
  const auto image = watertight::Image::Open(argv[1]);
  for (const watertight::StoredEntry& stored : image.stored())
    if (!stored.visible && stored.entry->type() == watertight::EntryType::kFile)
      std::cout << stored.entry->path() << "\n";
}
