// E-mail addresses.
#pragma once

#include <string_view>

#include "ingest/standardise/standard.h"

namespace hilo::ingest {

/// Brings one e-mail address to `local@domain`: NFKC; white space, quotes, `mailto:` and a display name
/// (`Ana Ruiz <ana@x.com>`) taken off; the domain in ASCII and lower case, the local part case-folded.
///
/// The local part is case-sensitive by RFC 5321 section 2.4, which also asks hosts not to make use of that; none of
/// weight does, so two spellings are one mailbox. Plus tags and dots stay: what they mean is the receiving host's
/// affair (RFC 5321 section 2.3.11), `ana+x@` and `ana@` are two mailboxes at many hosts, and joining two people is
/// worse than missing a link, which the other identifiers can still give.
///
/// **Ensures**: the value is a Mailbox of RFC 5321 section 4.1.2 with a Dot-string (or its RFC 6531 form) of at most
/// 64 bytes, a domain of two labels or more, each of 1 to 63 letters, digits and hyphens, and 254 bytes in all
/// (section 4.5.3.1). Quoted local parts and address literals are kInvalid: in customer data they are slips.
/// Placeholders are the reserved domains of RFC 2606 and RFC 6761, mailboxes that nobody reads, and filler such as
/// `a@a.com`.
/// **Source**: RFC 5321, RFC 5322 section 3.2.3 (atext), RFC 6531, UTS #46 (nontransitional).
[[nodiscard]] Standard standardise_email(std::string_view raw);

}  // namespace hilo::ingest
