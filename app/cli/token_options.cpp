// SPDX-License-Identifier: Apache-2.0
#include "app/cli/token_options.hpp"

#include <algorithm>

#include "app/cli/secret_file.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/ssh_url.hpp"
#include "app/config/url.hpp"
#include "app/config/wrong_use.hpp"

namespace heddle {
namespace {

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

void check_description(const std::string& text) {
    if (characters(text) > 64 || !is_plain_text(text))
        throw WrongUse("--description must be at most 64 printable characters");
}

void check_path(const std::string& path) {
    const std::string inside = "/" + path + "/";
    if (path.empty() || characters(path) > 255 || !is_plain_text(path) ||
        inside.find("//") != std::string::npos || inside.find("/../") != std::string::npos)
        throw WrongUse("--path must be a file below the repository's root, as .obs/workflows.yml");
}

// Unlike the address of a forge it may have a query.
void check_configuration_url(const std::string& url) {
    const std::size_t query = std::min(url.find('?'), url.size());
    const bool readable =
        std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c < 0x7F && c != '#'; });
    if (url.size() > 8192 || !readable || !parse_web_url(url.substr(0, query)))
        throw WrongUse("--configuration-url must be an http or https URL without user and fragment");
}

}  // namespace

TokenSecrets read_token_secrets(const TokenArguments& arguments) {
    TokenSecrets secrets;
    if (arguments.secret_file) secrets.secret = read_webhook_secret("--secret-file", *arguments.secret_file);
    if (arguments.credential_file)
        secrets.credential = read_credential("--scm-token-file", *arguments.credential_file);
    return secrets;
}

void check_fits_forge(const std::string& credential, const ForgeConfig& forge) {
    const bool by_ssh = parse_ssh_url(forge.api_url).has_value();
    if (!by_ssh && !parse_web_url(forge.api_url))
        throw WrongUse("--scm-token-file: the forge " + forge.name + " is reached without a credential");
    if (by_ssh != is_private_key(credential))
        throw WrongUse("--scm-token-file: the forge " + forge.name + " is reached by " +
                       (by_ssh ? "ssh and wants a private key" : "http and wants no private key"));
}

void check_fits_kind(const TokenArguments& arguments, const std::string& kind) {
    if (kind == "workflow") return;
    if (arguments.forge || arguments.credential_file || arguments.no_credential || arguments.path ||
        arguments.configuration_url)
        throw WrongUse("only a workflow token has a forge, a credential and a configuration");
}

void check_options(const TokenArguments& arguments) {
    if (arguments.description) check_description(*arguments.description);
    if (arguments.path) check_path(*arguments.path);
    if (arguments.configuration_url && !arguments.configuration_url->empty())
        check_configuration_url(*arguments.configuration_url);
    if (arguments.secret_file == "-" && arguments.credential_file == "-")
        throw WrongUse("--secret-file and --scm-token-file can't both be read from standard input");
    using Action = TokenArguments::Action;
    if (arguments.action == Action::Edit && changed_options(arguments).empty())
        throw WrongUse("nothing to change: `heddle token edit --help` tells what can be");
    if (arguments.action != Action::Create) return;
    if (!arguments.forge) throw WrongUse("--forge is missing: `heddle forge list` tells the names");
}

std::vector<std::string> changed_options(const TokenArguments& arguments) {
    std::vector<std::string> names;
    if (arguments.description) names.push_back("description");
    if (arguments.path) names.push_back("path");
    if (arguments.configuration_url) names.push_back("configuration_url");
    if (arguments.credential_file || arguments.no_credential) names.push_back("credential");
    return names;
}

}  // namespace heddle
