// The workspace's settings, as hilo.yaml states them. Declared once in app/settings.cpp with their checks and help.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hilo {

struct Settings {
  std::string name = "My shop";
  std::string currency = "EUR";             ///< ISO 4217; every amount is kept in it
  std::string time_zone = "UTC";            ///< IANA name; `time` is wall time there
  std::string region = "ES";                ///< ISO 3166 alpha-2: phones without a prefix, addresses without a country
  std::vector<std::string> source_folders;  ///< outside of the workspace, in which files of sources may stand
  std::int64_t names_per_identifier_max = 5;      ///< an identifier on more distinct names links nobody
  std::int64_t records_per_identifier_max = 200;  ///< likewise on more records without names
  std::int64_t segment_seconds_max = 60;          ///< how long the rules of segments may run; seconds
  std::int64_t question_seconds_max = 600;        ///< how long a question in SQL may take; seconds
  std::int64_t pass_seconds_max = 21'600;         ///< how long a pass of a run may take; seconds
  int threads = 0;                                ///< 0 = all processors
  std::string memory_limit;                       ///< as DuckDB reads it; empty = 4 GB, or 60 % of a smaller machine's
};

}  // namespace hilo
