// SPDX-License-Identifier: Apache-2.0
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "app/web/embedded_files.hpp"
#include "app/web/values.hpp"

namespace heddle {
namespace {

using kainjow::mustache::data;

data to_data(const Values& values) {
    data object{data::type::object};
    for (const auto& [name, value] : values.all()) {
        if (const auto* flag = std::get_if<bool>(&value)) object.set(name, data(*flag));
        if (const auto* text = std::get_if<std::string>(&value)) object.set(name, data(*text));
        if (const auto* items = std::get_if<Values::List>(&value)) {
            data list{data::type::list};
            for (const Values& item : *items) list.push_back(to_data(item));
            object.set(name, list);
        }
    }
    return object;
}

const std::string& template_text(const std::string& name) { return embedded_file(name + ".mustache").text; }

}  // namespace

std::string render(const std::string& name, const Values& values) {
    data filled = to_data(values);
    for (const std::string part : {"head", "foot"})
        filled.set(part, kainjow::mustache::partial([part] { return template_text(part); }));
    kainjow::mustache::mustache page(template_text(name));  // render is not const: one for each page
    std::string text = page.render(filled);
    if (!page.is_valid()) throw std::logic_error("template " + name + ": " + page.error_message());
    return text;
}

}  // namespace heddle
