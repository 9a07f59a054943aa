// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/config/config.hpp"

namespace heddle {

/// Where the first password stands when there is no terminal to tell it; a server takes the file away as soon
/// as the password is no longer good.
std::filesystem::path first_password_file(const Config& config);

/// One `heddle serve`: HTTP, jobs and builders in this process. Several of them on one database share the
/// work.
class ServeSession {
public:
    /// Opens database, key and port, brings the forges of the configuration into the database; nothing is
    /// answered yet. What the user did wrong is thrown as WrongUse, a database that can't be had as
    /// ClusterError.
    explicit ServeSession(const Config& config);
    ~ServeSession();
    ServeSession(const ServeSession&) = delete;
    ServeSession& operator=(const ServeSession&) = delete;

    /// Job runners, builders and HTTP begin.
    void start();
    /// Takes no new request, gives back what is in hand, within 10 s.
    void stop();

    /// Where it listens: "http://127.0.0.1:8080".
    std::string url() const;
    /// The one-time password of the user `admin`, on the very first start only.
    const std::optional<std::string>& first_password() const;
    /// Why builds can't run here; nullopt: they can.
    const std::optional<std::string>& no_builds() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
