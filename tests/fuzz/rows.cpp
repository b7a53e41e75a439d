// From the text of a CSV file to judged rows: whatever stands in the cells (times, amounts, quantities, currencies,
// consents), every record is taken or told as a fault, and no judgement fails as a whole. The input is the file's text
// behind its header line.
#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "engine.h"
#include "ingest/preview.h"

namespace hilo::fuzz {
namespace {

constexpr const char* kDefinition = R"(-- source: shop   kind: shop   delivery: lines
select id as source_id, mail as email, tel as phone, name as full_name, born as birth_date, changed as updated_at,
       moment as time, what as type, ch as channel, order_no as order_id, line as line_no, sku, qty as quantity,
       price, amount, cur as currency, ok as consent_email
from read_csv('rows.csv', delim = ',')
)";
constexpr const char* kHeader =
    "id,mail,tel,name,born,changed,moment,what,ch,order_no,line,sku,qty,price,amount,cur,ok\n";

// A file in memory, where the machine has such a folder: thousands are written each minute.
class Folder {
 public:
  Folder() {
    std::string pattern = access("/dev/shm", W_OK) == 0 ? "/dev/shm/hilo-fuzz-XXXXXX" : "/tmp/hilo-fuzz-XXXXXX";
    HILO_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code failure;
    std::filesystem::remove_all(path_, failure);
  }
  [[nodiscard]] ingest::SourceFile write(std::string_view text) const {
    std::ofstream(path_ / "rows.csv", std::ios::binary) << kHeader << text;
    return {.name = "rows.csv", .path = path_ / "rows.csv"};
  }

 private:
  std::filesystem::path path_;
};

// What a process needs once. The scratch database must be able to write its own tables only.
struct Shop {
  Engine engine;
  ingest::Scratch scratch = open(engine);
  ingest::SourceDefinition definition = read(engine);

  static ingest::Scratch open(Engine& engine) {
    auto scratch = ingest::Scratch::open(engine.database());
    HILO_CHECK(scratch.has_value());
    return std::move(*scratch);
  }
  static ingest::SourceDefinition read(Engine& engine) {
    auto definition = ingest::read_source({"sources/shop.sql", "shop", kDefinition}, engine.connection());
    expect(definition.has_value(), definition ? "" : definition.error().front().text(), kDefinition);
    return std::move(*definition);
  }
};

}  // namespace

void judge(std::string_view input) {
  static const Folder kFolder;
  static Shop& shop = *new Shop;
  const ingest::SourceFile file = kFolder.write(input);
  const auto read = ingest::read_cells(shop.scratch.connection, shop.definition.query, file, "", {});
  if (!read) return expect_their_fault(read.error());
  const auto staged =
      ingest::type_cells(shop.scratch.connection, shop.definition.query, *read, {}, ingest::TypePolicy::kSniff, {});
  expect(staged.has_value(), staged ? "" : staged.error().message, input);
  const auto preview = ingest::preview_rows(shop.scratch, shop.definition, *staged, {});
  expect(preview.has_value(), preview ? "" : preview.error().message, input);
  expect(preview->rows + preview->rejects == read->records, "every record is a row or a fault", input);
  expect((preview->rejects == 0) == preview->first_fault.empty(), "a fault has a reason", preview->first_fault);
}

}  // namespace hilo::fuzz
