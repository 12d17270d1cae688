// A folder that gets all its new files in one go: they are written into a folder of their own,
// beside the old ones, and move in when all of them are there.
//
//   StagingFolder folder("out");
//   SaveArchive(folder.Path("app.tar"), archive);
//   folder.MoveIn({"app.tar"});
//
// A folder that is destroyed before that leaves everything as it was.
#pragma once

#include <string>
#include <vector>

namespace watertight::generator {

class StagingFolder {
 public:
  // Makes `directory` when there is none. Folders in it are replaced if they hold a file of the
  // name `mark`. Throws: Error.
  explicit StagingFolder(std::string directory, std::string mark = "oci-layout");
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  ~StagingFolder();

  // Where the file of that name is written until it moves in.
  std::string Path(const std::string& name) const { return staging_ + "/" + name; }

  // Files replace files, folders replace such folders. Throws: Error, before anything has moved if
  // a name is taken by something else.
  void MoveIn(const std::vector<std::string>& names);

 private:
  void Check(const std::string& name) const;
  void RemoveAll() const;

  std::string directory_;
  std::string mark_;
  std::string first_made_;  // the uppermost folder that was made
  std::string outer_;       // in `directory_`, or beside the place where it will be
  std::string staging_;     // in `outer_`; becomes `directory_` where there is none
};

}  // namespace watertight::generator
