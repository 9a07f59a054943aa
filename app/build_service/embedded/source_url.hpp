// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// A package's git URL taken apart: "https://forge/owner/name?subdir=pkg#main".
struct SourceUrl {
    std::string repository;  // what git is asked for: no fragment, and no query where there is a scheme
    std::string query;       // without '?'; kept as it is
    std::string subdir;      // of the query
    std::string fragment;    // branch, tag or commit; empty: the default branch

    /// Everything but the fragment.
    std::string without_fragment() const;
};

/// The last '#' begins the fragment. Never fails: what git can't read is git's word to say.
SourceUrl parse_source_url(const std::string& url);

/// Why a package can't be kept there: empty, control characters, an option in disguise. Empty: it can.
std::string why_refused_source(const SourceUrl& url);

/// A path of this machine or a file:// URL: these come from a command line, never from a step.
bool is_local_source(const SourceUrl& url);

/// Do both name the same repository? Case of the host, a closing '/' and ".git" make no difference.
bool same_repository(const std::string& a, const std::string& b);

/// 40 hex digits.
bool is_full_commit(const std::string& text);

}  // namespace heddle
