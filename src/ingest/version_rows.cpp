#include "ingest/version_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace hilo::ingest {

// Rows of a block mostly ascend: each is looked for from where the one before was.
store::RowFunction VersionRows::function_of(std::shared_ptr<const Rows> rows,
                                            std::vector<std::int64_t> Rows::* answer) {
  return [rows = std::move(rows), answer](const store::Chunk& arguments, store::Answers& answers) -> Status {
    const std::vector<std::int64_t>& all = rows->rows;
    auto at = all.begin();
    for (std::size_t row = 0; row < arguments.size(); ++row) {
      if (arguments.is_null(0, row)) {
        answers.null(row);
        continue;
      }
      const std::int64_t wanted = arguments.integer(0, row);
      const bool goes_on = at != all.begin() && *(at - 1) < wanted;
      if (!goes_on) at = std::lower_bound(all.begin(), all.end(), wanted);
      while (at != all.end() && *at < wanted) ++at;
      if (at != all.end() && *at == wanted) {
        answers.integer(row, ((*rows).*answer)[static_cast<std::size_t>(at - all.begin())]);
      } else {
        answers.null(row);
      }
    }
    return {};
  };
}

Result<VersionRows> VersionRows::open(store::Connection& connection) {
  auto rows = std::make_shared<Rows>();
  HILO_TRY(connection.add_function({.name = "version_record", .arguments = {"BIGINT"}, .result = "BIGINT"},
                                   function_of(rows, &Rows::records)));
  HILO_TRY(connection.add_function({.name = "version_moment", .arguments = {"BIGINT"}, .result = "TIMESTAMP"},
                                   function_of(rows, &Rows::moments)));
  return VersionRows(std::move(rows));
}

Result<std::size_t> VersionRows::read(store::Connection& connection, const std::string& source) {
  *rows_ = {};
  HILO_ASSIGN(store::Rows found,
              connection.query("select row, record_id, valid_utc from version_rows where source = $source order by row",
                               {{"source", source}}));
  std::vector<std::uint8_t> nulls;
  while (true) {
    HILO_ASSIGN(const std::optional<store::Chunk> chunk, found.next());
    if (!chunk) return rows_->rows.size();
    nulls.resize(chunk->size());
    std::size_t column = 0;
    for (std::vector<std::int64_t>* values : {&rows_->rows, &rows_->records, &rows_->moments}) {
      const std::size_t size = values->size();
      values->resize(size + chunk->size());
      chunk->copy_integers(column++, values->data() + size, nulls.data());
    }
  }
}

}  // namespace hilo::ingest
