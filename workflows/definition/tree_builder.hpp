// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workflows/definition/placeholders.hpp"
#include "workflows/definition/read_tree.hpp"
#include "workflows/definition/source_text.hpp"
#include "workflows/definition/yaml_refusal.hpp"

namespace heddle {

/// Makes DefinitionNodes from the events of the parser, which it stops by throwing Refused.
class TreeBuilder : public YAML::EventHandler {
public:
    struct Refused : std::runtime_error {
        Refused(std::size_t offset, const std::string& message)
            : std::runtime_error(message), offset(offset) {}
        std::size_t offset;
    };
    using Style = YAML::EmitterStyle::value;
    using Mark = YAML::Mark;

    /// All three must outlive it. `original` is the text before it was marked, without byte order mark.
    TreeBuilder(std::string_view original, const MarkedText& marked, const PlaceholderValues& values)
        : original_(original), marked_(marked), values_(values), places_(original) {}

    void OnDocumentStart(const Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const Mark& mark, YAML::anchor_t anchor) override;
    void OnAnchor(const Mark& mark, const std::string& name) override;
    void OnScalar(const Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         Style style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const Mark& mark, const std::string& tag, YAML::anchor_t anchor, Style style) override;
    void OnMapEnd() override { close(); }

    /// Where the innermost "[" or "{" began that is still open.
    OpenFlow open_flow() const;
    /// Where the last quoted value begins when nothing closes it: the parser takes the end of the file for
    /// it.
    std::optional<std::size_t> open_quote() const;
    /// What was built, with what was found on the way.
    ReadTree take() { return std::move(read_); }

private:
    struct Frame {
        DefinitionNode node;
        std::size_t offset = 0;
        bool flow = false;
        std::optional<DefinitionNode> key;                  // of a map, waiting for its value
        std::unordered_map<std::string, std::size_t> seen;  // keys of a map -> index of the entry
    };

    DefinitionNode node_at(DefinitionNode::Kind kind, std::size_t offset);
    std::size_t start_of_null(std::size_t offset) const;
    bool expects_key() const;
    void open(DefinitionNode::Kind kind, std::size_t offset, bool flow);
    void close();
    void add(DefinitionNode node);
    void add_to_map(Frame& map, DefinitionNode value);
    void count_value(std::size_t offset);
    std::string fill(const std::string& value, std::size_t offset);

    std::string_view original_;
    const MarkedText& marked_;
    const PlaceholderValues& values_;
    PlaceFinder places_;
    ReadTree read_;
    std::vector<Frame> frames_;
    int documents_ = 0;
    int value_count_ = 0;
    std::size_t filled_ = 0;
    std::optional<std::size_t> last_quoted_;  // with its tag
};

}  // namespace heddle
