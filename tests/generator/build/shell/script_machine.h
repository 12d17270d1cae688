// One script in a modelled shell.
#pragma once

#include <nlohmann/json.hpp>

namespace watertight::generator {

// {"shell": "dash", "script": "echo hi > a", "applets": ["cat"]} to
// {"status": 0, "output": "", "files": [["w/a", "file", "0644", "hi\n"]], "error": null}.
//
// The script runs in /w of a tree that holds shells and applets of busybox; listed are the files
// below /w.
nlohmann::json RunScriptCase(const nlohmann::json& request);

}  // namespace watertight::generator
