# cmake -DFOLDER=… -DNAMESPACE=… -DHEADER=… -DFUNCTION=… [-DEXCEPT=REGEX] -DOUTPUT=… -P embed.cmake: writes a source file
# that holds the files of a folder. The header declares the function, and EmbeddedFile.
file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*")
if(EXCEPT)
  list(FILTER files EXCLUDE REGEX "${EXCEPT}")
endif()
list(SORT files)
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  file(READ "${FOLDER}/${file}" hex HEX)
  string(LENGTH "${hex}" length)
  math(EXPR size "${length} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${hex}")
  # Lines of 24 bytes: a literal may be cut between any two of them.
  string(REGEX REPLACE "((\\\\x..)(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?)" "\"\\1\"\n" bytes "${bytes}")
  string(APPEND arrays "const char k${index}[] =\n${bytes}\"\";\n")
  string(APPEND rows "    {\"${file}\", {k${index}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {

${arrays}
const EmbeddedFile kFiles[] = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return kFiles; }

}  // namespace ${NAMESPACE}
")
