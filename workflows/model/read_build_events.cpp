// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/read_build_events.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "workflows/model/names.hpp"
#include "workflows/model/storable_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

constexpr std::size_t kMostEvents = 1000;
constexpr std::size_t kLongestId = 255;
constexpr std::size_t kLongestReason = 2000;  // bytes
constexpr std::size_t kAnyLength = std::string::npos;
constexpr double kLatest = 1e11;  // seconds since 1970: the year 5138

/// The keys of one element; the first that is wrong is remembered.
class Element {
public:
    Element(const json& object, std::string place) : object_(object), place_(std::move(place)) {}

    const std::string& problem() const { return problem_; }

    void refuse(const std::string& key, const std::string& why) {
        if (problem_.empty()) problem_ = (place_.empty() ? key : place_ + "." + key) + " " + why;
    }

    /// A text, or a number as a text. Empty: absent or null, which is a problem where it is needed.
    std::string text(const std::string& key, bool needed, std::size_t longest) {
        const json& value = at(key);
        std::string text;
        if (value.is_string())
            text = value.get<std::string>();
        else if (value.is_number_integer())
            text = value.dump();
        else if (!value.is_null())
            refuse(key, "is no text");
        if (text.empty() && needed) refuse(key, "is missing");
        if (text.size() > longest) refuse(key, "is longer than " + std::to_string(longest) + " bytes");
        if (text.find('\0') != std::string::npos) refuse(key, "contains a NUL character");
        return text;
    }

    /// A text that is only shown, which for its length is no reason to lose what it belongs to.
    std::string shown(const std::string& key, std::size_t longest) {
        const std::string text = this->text(key, false, kAnyLength);
        if (text.size() <= longest) return text;
        const std::string_view end = "...";
        return std::string(beginning_of(text, longest - end.size())).append(end);
    }

    /// A name of that kind.
    std::string name(const std::string& key, NameKind kind) {
        const std::string text = this->text(key, true, kLongestId);
        if (const auto why = why_refused(kind, text)) refuse(key, "is wrong: " + *why);
        return text;
    }

    /// A package's name, which may have a ":flavour".
    std::string package() {
        const std::string text = this->text("package", true, 2 * kLongestId);
        const auto colon = text.find(':');
        auto why = why_refused(NameKind::Package, text.substr(0, colon));
        if (!why && colon != std::string::npos) why = why_refused(NameKind::Package, text.substr(colon + 1));
        if (why) refuse("package", "is wrong: " + *why);
        return text;
    }

    /// A positive number, or the same as a text; nullopt: absent.
    std::optional<std::int64_t> number(const std::string& key) {
        const std::string text = this->text(key, false, kLongestId);
        if (text.empty()) return std::nullopt;
        std::int64_t number = 0;
        const char* const end = text.data() + text.size();
        const auto [rest, problem] = std::from_chars(text.data(), end, number);
        if (problem != std::errc() || rest != end || number <= 0) refuse(key, "is no positive number");
        return number;
    }

    /// The package that the first of a request's actions is about, as far as it is told.
    PackageRef target() {
        const json& actions = at("actions");
        if (!actions.is_array() || actions.empty() || !actions.front().is_object()) return {};
        Element action(actions.front(), (place_.empty() ? "" : place_ + ".") + "actions[0]");
        const PackageRef target{action.text("targetproject", false, kLongestId),
                                action.text("targetpackage", false, kLongestId)};
        if (!target.project.empty() && !is_project_name(target.project))
            action.refuse("targetproject", "is no project name");
        if (problem_.empty()) problem_ = action.problem();
        return target;
    }

    /// Seconds since 1970, as a number or as digits; or a moment of UTC as OBS writes it
    /// ("2026-01-02T03:04:05").
    std::optional<TimePoint> time(const std::string& key) {
        const json& value = at(key);
        std::optional<double> seconds;
        if (value.is_number()) seconds = value.get<double>();
        if (value.is_string()) seconds = digits(value.get<std::string>());
        if (value.is_string() && !seconds) seconds = moment(value.get<std::string>());
        if (value.is_null() || value == "") return std::nullopt;
        if (!seconds || !(*seconds >= 0 && *seconds < kLatest)) {
            refuse(key, "is no number of seconds since 1970");
            return std::nullopt;
        }
        return TimePoint(std::chrono::microseconds(std::llround(*seconds * 1e6)));
    }

    bool is_object() {
        if (!object_.is_object()) problem_ = (place_.empty() ? "the body" : place_) + " is no object";
        return object_.is_object();
    }

private:
    /// Null where there is none. Not copied: a stranger's value may be nested very deeply, and a copy is made
    /// by recursion.
    const json& at(const std::string& key) const {
        static const json kNothing;
        const auto found = object_.find(key);
        return found == object_.end() ? kNothing : *found;
    }

    static std::optional<double> digits(const std::string& text) {
        const bool is_number =
            !text.empty() && text.size() <= 12 &&
            std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        return is_number ? std::optional<double>(std::stod(text)) : std::nullopt;
    }

    /// What stands behind the seconds (a fraction, "Z", "UTC") makes no difference.
    static std::optional<double> moment(const std::string& text) {
        std::tm read{};
        if (::strptime(text.c_str(),
                       text.find('T') == 10 ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S",
                       &read) == nullptr)
            return std::nullopt;
        return static_cast<double>(::timegm(&read));
    }

    const json& object_;
    std::string place_;
    std::string problem_;
};

BuildEventType read_type(Element& element) {
    const std::string word = element.text("type", true, kLongestId);
    if (const auto type = build_event_type_from(word)) return *type;
    element.refuse("type", "is unknown: " + heddle::quoted(word));
    return BuildEventType::BuildSuccess;
}

/// A request is known by its number, which older senders call the id (reference 8.2).
BuildEvent read_request(Element& element) {
    BuildEvent event;
    event.type = BuildEventType::RequestStateChange;
    event.request = element.number("number").value_or(0);
    if (event.request == 0) event.request = element.number("id").value_or(0);
    if (event.request == 0) element.refuse("number", "is missing");
    event.request_state = element.text("state", true, kLongestId);
    event.package = element.target();
    event.ended_at = element.time("when");
    event.reason = element.shown("comment", kLongestReason);
    return event;
}

BuildEvent read_event(Element& element) {
    BuildEvent event;
    if (!element.is_object()) return event;
    event.type = read_type(element);
    if (event.type == BuildEventType::RequestStateChange) return read_request(element);
    event.id = element.text("id", false, kLongestId);
    event.package.project = element.name("project", NameKind::Project);
    if (event.type == BuildEventType::ProjectDeleted) return event;
    event.package.package = element.package();
    if (event.type == BuildEventType::PackageDeleted) return event;
    event.repository = element.name("repository", NameKind::Repository);
    event.architecture = element.name("arch", NameKind::Architecture);
    event.revision = {element.text("rev", false, kLongestId), element.text("srcmd5", false, kLongestId)};
    event.started_at = element.time("starttime");
    event.ended_at = element.time("endtime");
    event.reason = element.shown("reason", kLongestReason);
    return event;
}

}  // namespace

ReadBuildEvents read_build_events(std::string_view body) {
    ReadBuildEvents read;
    const json document = json::parse(body, nullptr, false);
    if (document.is_discarded()) {
        read.problem = "the body is no JSON";
        return read;
    }
    const std::size_t count = document.is_array() ? document.size() : 1;
    if (count > kMostEvents) {
        read.too_many = true;
        read.problem = "more than " + std::to_string(kMostEvents) + " events at once";
        return read;
    }
    for (std::size_t at = 0; at < count; ++at) {
        const std::string place = document.is_array() ? "[" + std::to_string(at) + "]" : "";
        Element element(document.is_array() ? document[at] : document, place);
        read.places.push_back(place);
        read.events.push_back(read_event(element));
        if (element.problem().empty()) continue;
        read.problem = element.problem();
        break;
    }
    return read;
}

}  // namespace heddle
