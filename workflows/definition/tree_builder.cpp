// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/tree_builder.hpp"

#include <algorithm>
#include <utility>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Kind = DefinitionNode::Kind;

constexpr std::size_t kDeepest = 32;
constexpr int kMostValues = 20'000;

std::size_t offset_of(const YAML::Mark& mark) {
    return mark.is_null() ? 0 : static_cast<std::size_t>(mark.pos);
}

/// Does a value of this kind go with the tag? Plain and quoted ones have "?" and "!" from the parser.
bool fits(const std::string& tag, Kind kind) {
    constexpr std::string_view core = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!") return true;
    if (!tag.starts_with(core)) return false;
    const std::string_view type = std::string_view(tag).substr(core.size());
    if (kind == Kind::List) return type == "seq";
    if (kind == Kind::Map) return type == "map";
    return type == "str" || type == "int" || type == "float" || type == "bool" || type == "null";
}

void check_tag(const std::string& tag, Kind kind, const YAML::Mark& mark) {
    if (fits(tag, kind)) return;
    throw TreeBuilder::Refused(offset_of(mark), "the tag " + quoted(tag) + " can't be used here");
}

/// What a person wrote where the parser reads nothing: "~", "null" or not a character.
std::string written_null(std::string_view text, std::size_t offset) {
    for (std::string_view word : {"~", "null", "Null", "NULL"})
        if (text.substr(std::min(offset, text.size())).starts_with(word)) return std::string(word);
    return "";
}

/// Is the value that begins with the quote at `begin` ended by another one?
bool is_closed(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    for (std::size_t at = begin + 1; at < text.size(); ++at) {
        const bool escaped =
            (quote == '"' && text[at] == '\\') || (quote == '\'' && text.substr(at, 2) == "''");
        if (escaped)
            ++at;
        else if (text[at] == quote)
            return true;
    }
    return false;
}

}  // namespace

void TreeBuilder::OnDocumentStart(const Mark& mark) {
    if (++documents_ == 1) return;
    const std::size_t offset = offset_of(mark);
    const std::string_view here = original_.substr(std::min(offset, original_.size()));
    if (here.starts_with("---") || here.starts_with("..."))
        throw Refused(offset, "a workflow file is one document, and a second one begins here");
    throw Refused(offset, "what begins here belongs to nothing above: a workflow file is one mapping");
}

void TreeBuilder::OnNull(const Mark& mark, YAML::anchor_t) {
    const std::size_t offset = offset_of(mark);
    count_value(offset);
    if (expects_key()) {
        DefinitionNode key = node_at(Kind::Scalar, offset);
        key.text = written_null(original_, offset);
        return add(std::move(key));
    }
    // Of a value that is not there the parser only knows what comes after it: better its key, or its dash.
    DefinitionNode node = node_at(Kind::Null, start_of_null(offset));
    if (!frames_.empty() && frames_.back().key) {
        node.line = frames_.back().key->line;
        node.column = frames_.back().key->column;
    }
    add(std::move(node));
}

std::size_t TreeBuilder::start_of_null(std::size_t offset) const {
    const bool in_block_list = !frames_.empty() && frames_.back().node.is_list() && !frames_.back().flow;
    if (!in_block_list || offset == 0 || !written_null(original_, offset).empty()) return offset;
    const std::size_t dash = original_.rfind('-', offset - 1);
    return dash == std::string_view::npos || dash < frames_.back().offset ? offset : dash;
}

void TreeBuilder::OnAlias(const Mark& mark, YAML::anchor_t) {
    throw Refused(offset_of(mark), "aliases (\"*name\") can't be used in a workflow file");
}

void TreeBuilder::OnAnchor(const Mark& mark, const std::string&) {
    throw Refused(offset_of(mark), "anchors (\"&name\") can't be used in a workflow file");
}

void TreeBuilder::OnScalar(const Mark& mark,
                           const std::string& tag,
                           YAML::anchor_t,
                           const std::string& value) {
    const std::size_t offset = offset_of(mark);
    check_tag(tag, Kind::Scalar, mark);
    count_value(offset);
    if (expects_key() && tag == "?" && value == "<<")
        throw Refused(offset, "merge keys (\"<<\") can't be used in a workflow file");
    DefinitionNode node = node_at(Kind::Scalar, offset);
    node.quoted = tag != "?";
    if (node.quoted) last_quoted_ = offset;
    node.text = fill(value, offset);
    add(std::move(node));
}

void TreeBuilder::OnSequenceStart(const Mark& mark, const std::string& tag, YAML::anchor_t, Style style) {
    check_tag(tag, Kind::List, mark);
    open(Kind::List, offset_of(mark), style == YAML::EmitterStyle::Flow);
}

void TreeBuilder::OnMapStart(const Mark& mark, const std::string& tag, YAML::anchor_t, Style style) {
    check_tag(tag, Kind::Map, mark);
    open(Kind::Map, offset_of(mark), style == YAML::EmitterStyle::Flow);
}

OpenFlow TreeBuilder::open_flow() const {
    const auto found = std::find_if(frames_.rbegin(), frames_.rend(), [&](const Frame& frame) {
        // "[a: b]" holds a map that nobody opened by a character.
        const std::string_view here = original_.substr(std::min(frame.offset, original_.size()), 1);
        return frame.flow && (here == "[" || here == "{");
    });
    return found == frames_.rend() ? OpenFlow{} : found->offset;
}

std::optional<std::size_t> TreeBuilder::open_quote() const {
    const std::string_view text = marked_.text();
    if (!last_quoted_ || *last_quoted_ >= text.size()) return std::nullopt;
    std::size_t begin = *last_quoted_;
    while (begin < text.size() && text[begin] == '!') {
        begin = text.find_first_of(" \t\r\n", begin);
        begin = text.find_first_not_of(" \t\r\n", begin);
    }
    if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return std::nullopt;
    return is_closed(text, begin) ? std::nullopt : std::optional(begin);
}

DefinitionNode TreeBuilder::node_at(Kind kind, std::size_t offset) {
    const Place place = places_.at(offset);
    DefinitionNode node;
    node.kind = kind;
    node.line = place.line;
    node.column = place.column;
    return node;
}

bool TreeBuilder::expects_key() const {
    return !frames_.empty() && frames_.back().node.is_map() && !frames_.back().key;
}

void TreeBuilder::open(Kind kind, std::size_t offset, bool flow) {
    count_value(offset);
    if (expects_key()) throw Refused(offset, "a key must be text, not a list or a mapping");
    if (frames_.size() == kDeepest)
        throw Refused(offset, "the values are nested deeper than " + std::to_string(kDeepest) + " levels");
    Frame frame;
    frame.node = node_at(kind, offset);
    frame.offset = offset;
    frame.flow = flow;
    frames_.push_back(std::move(frame));
}

void TreeBuilder::close() {
    DefinitionNode node = std::move(frames_.back().node);
    frames_.pop_back();
    add(std::move(node));
}

void TreeBuilder::add(DefinitionNode node) {
    if (frames_.empty()) {
        read_.root = std::move(node);
        return;
    }
    Frame& frame = frames_.back();
    if (frame.node.is_list())
        frame.node.items.push_back(std::move(node));
    else if (frame.key)
        add_to_map(frame, std::move(node));
    else
        frame.key = std::move(node);
}

void TreeBuilder::add_to_map(Frame& map, DefinitionNode value) {
    DefinitionNode key = std::move(*map.key);
    map.key.reset();
    const auto [seen, is_new] = map.seen.emplace(key.text, map.node.entries.size());
    if (is_new) {
        map.node.entries.emplace_back(std::move(key), std::move(value));
        return;
    }
    DefinitionNode::Entry& entry = map.node.entries[seen->second];
    read_.warnings.push_back({key.line,
                              key.column,
                              quoted(key.text) + " is given twice: this one counts, the one in line " +
                                  std::to_string(entry.first.line) + " does not"});
    entry = {std::move(key), std::move(value)};
}

void TreeBuilder::count_value(std::size_t offset) {
    if (++value_count_ > kMostValues)
        throw Refused(offset, "the file holds more than " + std::to_string(kMostValues) + " values");
}

std::string TreeBuilder::fill(const std::string& value, std::size_t offset) {
    if (value.find('\0') != std::string::npos)
        throw Refused(offset, "the character NUL (\"\\0\") can't be used in a workflow file");
    for (const MarkedText::Unknown& unknown : marked_.unknown_in(value, offset))
        read_.problems.push_back(places_.problem(unknown.offset, about_unknown_placeholder(unknown.name)));
    std::string filled = marked_.fill(value, values_);
    filled_ += filled.size();
    if (filled_ > MarkedText::kLargestFilled)
        throw Refused(offset, "the values of the placeholders make the file too long");
    return filled;
}

}  // namespace heddle
