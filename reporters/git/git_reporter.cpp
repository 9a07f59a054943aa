// SPDX-License-Identifier: Apache-2.0
#include "reporters/git/git_reporter.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// As everybody may read it.
std::string note_text(const CommitStatus& status) { return one_line(without_local_paths(status.text)); }

/// One line of a note. Only lines of ours have a status; the text of the others is kept as it is.
struct Line {
    std::string text;
    std::optional<CommitStatus> status;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// Three fields are ours, too: `git notes` strips trailing white space, the tab before an empty link with it.
std::optional<CommitStatus> parse_line(std::string_view text) {
    const auto fields = split(text, '\t');
    if (fields.size() != 3 && fields.size() != 4) return std::nullopt;
    const auto state = status_state_from(fields[0]);
    if (!state || fields[1].empty()) return std::nullopt;
    CommitStatus status;
    status.state = *state;
    status.context = fields[1];
    status.text = fields[2];
    if (fields.size() == 4) status.url = fields[3];
    return status;
}

std::vector<Line> parse_note(const std::string& note) {
    std::vector<Line> lines;
    if (note.empty()) return lines;
    std::string_view text = note;
    if (text.back() == '\n') text.remove_suffix(1);
    for (const std::string_view line : split(text, '\n'))
        lines.push_back({std::string(line), parse_line(line)});
    return lines;
}

Line make_line(const CommitStatus& status) {
    const std::string text = std::string(to_string(status.state)) + '\t' + one_line(status.context) + '\t' +
                             note_text(status) + '\t' + one_line(status.url);
    return {text, parse_line(text)};
}

/// Ours first, by context; the others after them in their order.
bool stands_before(const Line& a, const Line& b) {
    if (!a.status || !b.status) return a.status.has_value() && !b.status;
    return a.status->context < b.status->context;
}

}  // namespace

std::string put_status(const std::string& note, const CommitStatus& status) {
    const Line fresh = make_line(status);
    if (!fresh.status) throw std::logic_error("a commit status without a context");
    std::vector<Line> lines = parse_note(note);
    std::erase_if(lines, [&](const Line& line) {
        return line.status && line.status->context == fresh.status->context;
    });
    lines.push_back(fresh);
    std::stable_sort(lines.begin(), lines.end(), stands_before);
    std::string text;
    for (const Line& line : lines) text += line.text + '\n';
    return text;
}

std::optional<CommitStatus> find_status(const std::string& note, const std::string& context) {
    const std::string wanted = one_line(context);
    std::optional<CommitStatus> found;
    for (const Line& line : parse_note(note))
        if (line.status && line.status->context == wanted) found = line.status;
    return found;
}

void GitReporter::report(const CommitStatus& status, const ForgeAccess& access) {
    notes_.update(status.repository, status.commit_sha, access, [&](const std::string& present) {
        return put_status(present, status);
    });
}

std::optional<CommitStatus> GitReporter::shown(const CommitStatus& status, const ForgeAccess& access) {
    const auto note = notes_.read(status.repository, status.commit_sha, access);
    if (!note) return std::nullopt;
    auto shown = find_status(*note, status.context);
    if (!shown) return std::nullopt;
    shown->repository = status.repository;
    shown->repository_id = status.repository_id;
    shown->commit_sha = status.commit_sha;
    return shown;
}

bool GitReporter::shows(const CommitStatus& shown, const CommitStatus& wanted) const {
    return shown.state == wanted.state && shown.text == note_text(wanted) &&
           shown.url == one_line(wanted.url);
}

}  // namespace heddle
