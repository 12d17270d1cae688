// What a builder says of a RUN that did not end well: in the builder's own frame, the reason at the
// end.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

// The command, as the builder tells it, ended with `status`; `last` is what it printed last.
std::string FailedRun(std::string_view builder, const std::string& command, int status,
                      const std::string& last);
// The runtime could not start its program.
std::string UnstartedRun(std::string_view builder, const std::string& command,
                         const std::string& why);
// Nobody is called as USER says.
std::string UserlessRun(std::string_view builder, const std::string& command,
                        const std::string& why);

}  // namespace watertight::generator
