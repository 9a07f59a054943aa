// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "app/config/config.hpp"

namespace heddle {

/// The secret that an option's file holds ("-": standard input): one line of printable ASCII, without its
/// line end. Secrets never stand on a command line: everybody on the machine can read it there. Throws
/// WrongUse with the file's name, never with what is in it.
std::string read_secret(const std::string& option, const std::string& file);

/// What a forge wants to see of us: such a line, or a private key in one of the forms that ssh reads, of at
/// most 16 kB. A key with a passphrase is refused.
std::string read_credential(const std::string& option, const std::string& file);

/// Is it a private key, as read_credential() returns one?
bool is_private_key(const std::string& credential);

/// As read_secret(), for the secret that webhooks are signed with: at least 16 characters, for whoever sees
/// one signed delivery can try secrets on it without asking anybody.
std::string read_webhook_secret(const std::string& option, const std::string& file);

/// The same for a password: at least 12 characters of any printable UTF-8.
std::string read_password(const std::string& option, const std::string& file);

/// The same for a password of somewhere else, whose rules are not ours: any printable UTF-8.
std::string read_foreign_password(const std::string& option, const std::string& file);

/// Before the file of a secret is read that a key of the configuration names: nobody else may be able to read
/// it, which is the rule of secrets.key_file. Returns the option by which mistakes in it are told, with its
/// place: "heddle.yml:3:5: build_service.password_file". Throws WrongUse.
std::string require_own_file(const Config& config, const std::string& key, const std::filesystem::path& file);

}  // namespace heddle
