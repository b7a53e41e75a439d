#include "world/silos/silo.h"

#include <array>

namespace hilo::world {
namespace {

constexpr std::string_view kSmsHeader = "id;numero;campana;fecha;estado\n";
constexpr std::string_view kFinanceHeader = "Beleg;Datum;Art;Kunde;Kanal;Auftrag;Betrag;W\u00e4hrung\n";

constexpr std::array<SiloForm, kSilos> kForms = {{
    {"data/crm", "crm", "csv",
     "cliente;nombre;apellidos;correo;movil;calle;poblacion;cp;pais;nacimiento;sexo;alta;modificado;acepta_sms;"
     "acepta_correo;acepta_contacto\n",
     Encoding::kLatin1},
    {"data/accounts", "accounts", "csv",
     "account_id,email,first_name,last_name,phone,street,city,postcode,country,date_of_birth,ad_cookies,created_at,"
     "updated_at\n"},
    {"data/orders", "orders", "csv",
     "order_no,line,placed_at,channel,account,guest_email,guest_name,sku,qty,line_total,discount,coupon\n"},
    {"data/returns", "returns", "csv",
     "return_no,returned_at,order_no,line,account,guest_email,sku,qty,refund,brought_to\n"},
    {"data/tills", "tills", "txt",
     "receipt|line|date|time|shop|cashier|customer|kind|sku|qty|total|discount|coupon|of_receipt|of_line\n"},
    {"data/loyalty", "loyalty", "txt",
     "card\tholder\te_mail\tmobile\taddress\ttown\tpostcode\tcountry\tborn\tjoined\tchanged\tsms_ok\tpost_ok\tcontact_"
     "ok\n",
     Encoding::kUtf16},
    {"data/newsletter", "newsletter", "csv",
     "Subscriber ID,Email Address,First Name,Last Name,Status,Opt-in Time,Last Changed\n"},
    {"data/email", "email", "csv", "id,subscriber,campaign,event,event_time\n"},
    {"data/sms", "sms", "csv", kSmsHeader},
    {"data/push", "push", "jsonl", ""},
    {"data/ads", "ads", "csv", "id,audience,campaign,event,at\n"},
    {"data/print", "print", "csv", "job,recipient,street,postcode,town,country,customer,campaign,posted_on\n",
     Encoding::kLatin1},
    {"data/clienteling", "clienteling", "csv", "id;at;associate;customer;campaign;what\n"},
    {"data/web", "web", "jsonl", ""},
    {"data/app", "app", "jsonl", ""},
    {"data/visits", "visits", "csv", "visit,store,customer,device,entered_at\n"},
    {"data/calls", "calls", "csv", "call|number|started|seconds|reason|order_no\n"},
    {"data/tickets", "tickets", "jsonl", ""},
    {"data/finance", "finance", "csv", kFinanceHeader, Encoding::kLatin1},
    {"data/social", "social", "csv", "id,handle,name,bio_contact,action,happened_at\n"},
    {"data/decisions", "decisions", "csv", "id,campaign,recipient,decided_at,propensity,treated,held_out\n"},
    {"truth", "persons", "csv",
     "person,kind,habit,gender,born_on,joined_on,purchases_per_year,dropout_chance,dropouts_per_year,mean_value_eur,"
     "trend_per_year,online_share,leaning,hidden,in_control_group,home_store\n"},
    {"truth", "identities", "csv",
     "person,from,household,given_name,family_name,email,mobile,street,city,postcode,country\n"},
    {"truth", "records", "csv", "silo,record_id,person,from\n"},
    {"truth", "events", "csv", "silo,event,person,day\n"},
    {"truth", "assignments", "csv",
     "campaign,offer,person,kind,day,propensity,treated,held_out,noticed,orders_untreated,orders_treated,"
     "spend_untreated_cents,spend_treated_cents,margin_untreated_cents,margin_treated_cents,expected_gain_eur,"
     "contact_cost_eur\n"},
    {"truth", "expectations", "csv", "person,day\n"},  // and two columns per horizon: expectations_header
    {"truth", "milestones", "csv", "person,milestone,at\n"},
}};

}  // namespace

const SiloForm& form_of(Silo silo) { return kForms.at(static_cast<std::size_t>(silo)); }

}  // namespace hilo::world
