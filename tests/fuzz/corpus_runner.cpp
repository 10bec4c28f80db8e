// The main() of a fuzzer that is not built with libFuzzer: gives it each file of the folders named, as an ordinary
// test.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int folder = 1; folder < argc; ++folder) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(argv[folder])) {
      if (!file.is_regular_file())
        continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::vector<char> content(std::istreambuf_iterator<char>(in), {});
      // Named before it runs: the last name is the one that broke it.
      std::cout << file.path().string() << std::endl;
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
      ++inputs;
    }
  }
  std::cout << inputs << " inputs\n";
  return inputs > 0 ? 0 : 1;
}
