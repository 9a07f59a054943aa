// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/forge_store.hpp"

#include <algorithm>

#include "app/config/wrong_use.hpp"
#include "app/postgres/array_text.hpp"
#include "app/postgres/credential_store.hpp"

namespace heddle {
namespace {

const std::string kSelectForges = R"sql(
    SELECT id, name, kind, web_url, api_url, private_network, known_hosts, configured,
           (SELECT count(*) FROM tokens WHERE forge_id = forges.id) AS tokens
    FROM forges )sql";

Forge read_forge(const pqxx::row& row) {
    Forge forge;
    forge.id = row["id"].as<std::int64_t>();
    forge.settings.name = row["name"].as<std::string>();
    forge.settings.kind = row["kind"].as<std::string>();
    forge.settings.web_url = row["web_url"].as<std::string>();
    forge.settings.api_url = row["api_url"].as<std::string>();
    forge.settings.private_network = row["private_network"].as<bool>();
    forge.settings.known_hosts = row["known_hosts"].as<std::string>();
    forge.configured = row["configured"].as<bool>();
    forge.tokens = row["tokens"].as<int>();
    return forge;
}

void configure_forge(pqxx::transaction_base& tx, const ForgeConfig& forge) {
    static const std::string kMake = R"sql(
        INSERT INTO forges (name, kind, web_url, api_url, private_network, known_hosts, configured)
        VALUES ($1, $2, $3, $4, $5, $6, true) ON CONFLICT (name) DO NOTHING)sql";
    static const std::string kLook = "SELECT id, kind FROM forges WHERE name = $1 FOR NO KEY UPDATE";
    static const std::string kMark = "UPDATE forges SET configured = true WHERE id = $1 AND NOT configured";
    tx.exec_params0(kMake,
                    forge.name,
                    forge.kind,
                    forge.web_url,
                    forge.api_url,
                    forge.private_network,
                    forge.known_hosts);
    const pqxx::row row = tx.exec_params1(kLook, forge.name);
    if (row["kind"].as<std::string>() != forge.kind)
        throw WrongUse("the forge " + forge.name + " of the configuration is of kind " + forge.kind +
                       ", but it is known as one of kind " + row["kind"].as<std::string>() +
                       ": give the new one another name");
    const auto id = row["id"].as<std::int64_t>();
    tx.exec_params0(kMark, id);
    change_forge(tx, id, forge);
}

}  // namespace

void configure_forges(pqxx::transaction_base& tx, const std::vector<ForgeConfig>& forges) {
    static const std::string kRelease =
        "UPDATE forges SET configured = false WHERE configured AND name <> ALL ($1::text[])";
    std::vector<ForgeConfig> sorted = forges;  // two processes that start at once take the rows in one order
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<std::string> names;
    for (const ForgeConfig& forge : sorted) {
        configure_forge(tx, forge);
        names.push_back(forge.name);
    }
    tx.exec_params0(kRelease, array_text(names));
}

std::optional<Forge> find_forge(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kFindForge = kSelectForges + "WHERE name = $1";
    const pqxx::result rows = tx.exec_params(kFindForge, name);
    return rows.empty() ? std::nullopt : std::optional(read_forge(rows[0]));
}

std::vector<Forge> list_forges(pqxx::transaction_base& tx) {
    static const std::string kListForges = kSelectForges + "ORDER BY name";
    std::vector<Forge> forges;
    for (const pqxx::row& row : tx.exec(kListForges)) forges.push_back(read_forge(row));
    return forges;
}

std::optional<std::int64_t> create_forge(pqxx::transaction_base& tx, const ForgeConfig& forge) {
    static const std::string kCreateForge = R"sql(
        INSERT INTO forges (name, kind, web_url, api_url, private_network, known_hosts)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (name) DO NOTHING RETURNING id)sql";
    const pqxx::result rows = tx.exec_params(kCreateForge,
                                             forge.name,
                                             forge.kind,
                                             forge.web_url,
                                             forge.api_url,
                                             forge.private_network,
                                             forge.known_hosts);
    return rows.empty() ? std::nullopt : std::optional(rows[0][0].as<std::int64_t>());
}

void change_forge(pqxx::transaction_base& tx, std::int64_t id, const ForgeConfig& forge) {
    static const std::string kChangeForge = R"sql(
        UPDATE forges SET web_url = $2, api_url = $3, private_network = $4, known_hosts = $5
        WHERE id = $1
          AND (web_url, api_url, private_network, known_hosts) IS DISTINCT FROM ($2, $3, $4, $5))sql";
    tx.exec_params0(kChangeForge, id, forge.web_url, forge.api_url, forge.private_network, forge.known_hosts);
    lock_credentials(tx, id, forge.api_url);
}

bool delete_forge(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kLockForge = "SELECT 1 FROM forges WHERE id = $1 FOR UPDATE";
    static const std::string kDeleteForge = R"sql(
        DELETE FROM forges WHERE id = $1
          AND NOT EXISTS (SELECT FROM tokens WHERE forge_id = $1)
          AND NOT EXISTS (SELECT FROM repositories WHERE forge_id = $1))sql";
    tx.exec_params(kLockForge, id);
    return tx.exec_params(kDeleteForge, id).affected_rows() == 1;
}

}  // namespace heddle
