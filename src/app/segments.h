// Segments as questions: sizes, members of any day, history, overlap, and rules that are not saved.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/reader.h"
#include "app/text_table.h"
#include "app/time_limit.h"
#include "app/workspace.h"
#include "base/time.h"
#include "expr/segment.h"
#include "model/settings.h"

namespace hilo::app {

/// How large a segment is and was. `before` is nothing where it was not asked for.
struct SegmentSize {
  std::string name;
  std::string title;
  std::int64_t members = 0;
  std::optional<std::int64_t> before;
};

struct SegmentSizes {
  Date day;
  std::optional<Date> before;  ///< the day compared with
  std::int64_t customers = 0;  ///< that exist on `day`
  std::vector<SegmentSize> segments;
};

/// One segment on one screen.
struct SegmentView {
  expr::SegmentRule rule;
  std::string text;  ///< the file's
  SegmentSizes size;
  std::optional<std::string> recorded;  ///< "run 3 of 2024-07-01, version 5d496dd0c53e: 12 members"; nothing = never
  TextTable sample;
};

/// What a rule that is not saved would select.
struct RuleTrial {
  std::vector<std::string> conditions;  ///< in words
  Date day;
  std::int64_t members = 0;
  std::int64_t customers = 0;
  TextTable sample;
};

/// The segments of a workspace as their files stand now, over the published store. Rules run in a connection that is
/// locked down, and not longer than segments.seconds_max.
class SegmentDesk {
 public:
  /// Reads hilo.yaml and segments/*.sql and checks them against the columns of the store's flat table. With `file`, an
  /// export may write that one file.
  /// **Errors**: those of Reader::open; faults of hilo.yaml. Faults of segments are told when one is asked for.
  [[nodiscard]] static expr::Checked<SegmentDesk> open(const Workspace& workspace, const std::string& file = {});

  [[nodiscard]] Date default_day() const { return reader_.default_day(); }
  [[nodiscard]] Reader& reader() { return reader_; }
  /// Returns the rules that are right, once one was asked for.
  [[nodiscard]] const expr::SegmentProgram& program() const { return program_; }
  /// Returns how long rules may run.
  [[nodiscard]] Limit limit() const;

  /// Returns the rule of that name. **Errors**: kNotFound with the nearest name; kInvalidDefinition when it, or a
  /// segment that it uses, is at fault.
  [[nodiscard]] expr::Checked<const expr::SegmentRule*> find(const std::string& name);
  /// Returns the names of all segments. **Errors**: the faults of any of them.
  [[nodiscard]] expr::Checked<std::vector<std::string>> all();

  /// Returns the sizes of segments at the default day, and on `before` where given.
  /// **Cost**: one flat table for `before`.
  [[nodiscard]] Result<SegmentSizes> sizes(const std::vector<std::string>& names, std::optional<Date> before);
  [[nodiscard]] Result<SegmentView> show(const expr::SegmentRule& rule, std::optional<Date> before);
  /// Returns the members as of a day by today's definition: customer_id and the columns that the rule reads, by id.
  /// `rows_max` = 0: all.
  [[nodiscard]] Result<TextTable> members(const expr::SegmentRule& rule, Date day, std::int64_t rows_max);
  /// Tries a condition, with or without the word WHERE, on the default day.
  /// **Errors**: kInvalidDefinition with the place in the text, the file's name being `rule`.
  [[nodiscard]] expr::Checked<RuleTrial> try_rule(const std::string& condition);

  /// Returns the relation that holds the flat table of a day, with these columns at least. It stands until the next
  /// question about another day. **Cost**: one flat table for a day other than the default day, of these columns.
  [[nodiscard]] Result<std::string> customers_on(Date day, const std::vector<std::string>& columns);
  /// Writes the members of segments on a day into the temporary table `table` (segment, customer_id).
  [[nodiscard]] Status write_members(Date day, const std::vector<std::string>& names, const std::string& table);
  /// Returns how many customers exist on a day.
  [[nodiscard]] Result<std::int64_t> count_customers(Date day);

 private:
  SegmentDesk(Reader reader, Settings settings) : reader_(std::move(reader)), settings_(std::move(settings)) {}
  [[nodiscard]] Status compile();
  [[nodiscard]] Result<expr::SegmentProgram> compiled(const std::vector<expr::DefinitionFile>& files) const;
  [[nodiscard]] Result<TextTable> sample_of(const expr::SegmentProgram& program, const expr::SegmentRule& rule);
  [[nodiscard]] Status write_members_of(const expr::SegmentProgram& program, Date day,
                                        const std::vector<std::string>& names, const std::string& table);

  Reader reader_;
  Settings settings_;
  expr::TableSchema flat_;
  std::vector<expr::DefinitionFile> files_;
  expr::SegmentProgram program_;
  bool compiled_ = false;
};

/// Returns the same day a month earlier, the month's last where it has no such day.
[[nodiscard]] Date month_before(Date day);

}  // namespace hilo::app
