// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace heddle::test {

/// The first thing in a text of lines that a terminal, a page or a reader could take for something else than
/// text: a control character but the line end, what turns a line around or ends it (Unicode's Bidi_Control,
/// U+2028, U+2029), a byte that is no UTF-8. Empty: there is none.
std::string harm_in(std::string_view text);

}  // namespace heddle::test
