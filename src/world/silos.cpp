#include "world/silos.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace hilo::world {
namespace {

struct Clock {
  CivilDate date;
  int hour;
  int minute;
  int second;
};

Clock clock_of(double moment) {
  const auto day = static_cast<std::int32_t>(std::floor(moment));
  const int seconds = static_cast<int>((moment - day) * 86'400);
  return {civil(Date{day}), seconds / 3600, seconds / 60 % 60, seconds % 60};
}

// A CSV field: quoted only where it must be (RFC 4180, section 2).
std::string quoted(std::string_view text, char separator) {
  if (text.find_first_of("\"\r\n") == std::string_view::npos && text.find(separator) == std::string_view::npos)
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + '"';
}

std::string euros(std::int64_t cents, char mark) { return fmt::format("{}{}{:02}", cents / 100, mark, cents % 100); }

}  // namespace

const SiloForm& form_of(Silo silo) {
  static constexpr std::array<SiloForm, kSilos> kForms = {{
      {"data/crm", "crm", "cliente;nombre;apellidos;correo;movil;calle;poblacion;cp;pais;nacimiento;alta\n"},
      {"data/shop", "shop", "order_no,placed_at,customer,email,first_name,last_name,line,sku,qty,line_total\n"},
      {"data/tills", "tills", "receipt|line|date|time|shop|card|sku|qty|total\n"},
      {"truth", "persons", "person,household,born_on,crm_id,shop_id,card\n"},
      {"truth", "events", "silo,number,person,moment,value_cents\n"},
  }};
  return kForms[static_cast<std::size_t>(silo)];
}

void write_crm(const Person& person, const WrittenPerson& written, Date day, std::string& out) {
  const auto field = [](std::string_view text) { return quoted(text, ';'); };
  const CivilDate taken = civil(day);
  fmt::format_to(std::back_inserter(out), "{};{};{};{};{};{};{};{};{};{};{:02}/{:02}/{:04}\n",
                 100'000 + person.id.number, field(written.given_name), field(written.family_name),
                 field(written.email), field(written.phone), field(written.street), field(written.city),
                 field(written.postcode), person.on(day).address.country, field(written.birth_date), taken.day,
                 taken.month, taken.year);
}

void write_shop(const Person& person, const WrittenPerson& account, const Sale& sale, std::string& out) {
  const Clock at = clock_of(sale.moment);
  int number = 0;
  for (const Line& line : sale.lines) {
    fmt::format_to(std::back_inserter(out), "{},{:04}-{:02}-{:02} {:02}:{:02}:{:02},U{},{},{},{},{},{},{},{}\n",
                   sale.number, at.date.year, at.date.month, at.date.day, at.hour, at.minute, at.second,
                   person.id.number * 3 + 17, quoted(account.email, ','), quoted(account.given_name, ','),
                   quoted(account.family_name, ','), ++number, line.product->sku, line.quantity,
                   euros(line.amount_cents, '.'));
  }
}

void write_tills(const Person& person, const Sale& sale, std::string& out) {
  const Clock at = clock_of(sale.moment);
  int number = 0;
  for (const Line& line : sale.lines) {
    const std::string card = sale.names_nobody ? std::string() : fmt::format("L{:08}", person.id.number * 7 + 3);
    fmt::format_to(std::back_inserter(out), "{}|{}|{:02}.{:02}.{:04}|{:02}:{:02}|{}|{}|{}|{}|{}\n", sale.number,
                   ++number, at.date.day, at.date.month, at.date.year, at.hour, at.minute, sale.store->id, card,
                   line.product->sku, line.quantity, euros(line.amount_cents, ','));
  }
}

void write_truth_person(const Person& person, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{},{},{},{},U{},L{:08}\n", person.id.number, person.household,
                 to_string(person.born_on), 100'000 + person.id.number, person.id.number * 3 + 17,
                 person.id.number * 7 + 3);
}

void write_truth_event(const Person& person, const Sale& sale, std::string& out) {
  std::int64_t value = 0;
  for (const Line& line : sale.lines) value += line.amount_cents;
  fmt::format_to(std::back_inserter(out), "{},{},{},{:.6f},{}\n", sale.store == nullptr ? "shop" : "tills", sale.number,
                 person.id.number, sale.moment, value);
}

}  // namespace hilo::world
