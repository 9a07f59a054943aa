// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/http/http_message.hpp"
#include "app/web/values.hpp"
#include "app/web/visitor.hpp"

namespace heddle {

/// A page made from the template of that name, with what stands around each page: title, way to the list, who
/// is signed in. With the headers of every answer of ours.
ServerResponse page(const WebParts& parts,
                    const Visitor& visitor,
                    const std::string& name,
                    const std::string& title,
                    Values values,
                    int status = 200);

/// The same bytes for what does not exist and for what the visitor may not see.
ServerResponse not_found(const WebParts& parts, const Visitor& visitor);

/// A short page that says why something was refused.
ServerResponse refusal(const WebParts& parts,
                       const Visitor& visitor,
                       int status,
                       const std::string& title,
                       const std::string& why);

/// A stranger's text, to be shown by the browser as nothing else than text.
ServerResponse plain_text(std::string text);

/// 303 to `path`, which starts with '/'.
ServerResponse see_other(const WebParts& parts, const std::string& path);

/// Headers that every answer of ours has: nothing is guessed, framed, kept or told to others.
void guard(ServerResponse& response);

}  // namespace heddle
