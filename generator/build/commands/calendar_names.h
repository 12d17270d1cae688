// Months and weekdays of the C locale.

#pragma once

#include <array>

namespace watertight::generator::commands {

inline constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};
inline constexpr std::array kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday"};

}  // namespace watertight::generator::commands
