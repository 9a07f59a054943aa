// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/log_store.hpp"

#include <zstd.h>

#include <stdexcept>

namespace heddle {
namespace {

constexpr std::size_t kPartBytes = std::size_t{1} << 20;

std::string pack(std::string_view text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
    if (ZSTD_isError(size)) throw std::logic_error(std::string("packing a log: ") + ZSTD_getErrorName(size));
    packed.resize(size);
    return packed;
}

std::string unpack(const pqxx::binarystring& packed, std::size_t size) {
    std::string text(size, '\0');
    const std::size_t got = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != size) throw std::logic_error("a stored log chunk does not unpack");
    return text;
}

}  // namespace

LogPart read_log(pqxx::transaction_base& tx, std::int64_t build_id, int from_seq) {
    // The window sum stops after the chunk that fills a part; the first chunk always comes.
    static const std::string kReadLog = R"sql(
        SELECT seq, bytes, size
        FROM (SELECT seq, bytes, size, sum(size) OVER (ORDER BY seq) - size AS before
              FROM bs_log_chunks WHERE build_id = $1 AND seq >= $2) AS chunks
        WHERE before < $3
        ORDER BY seq)sql";
    LogPart part{{}, from_seq};
    for (const auto& row : tx.exec_params(kReadLog, build_id, from_seq, kPartBytes)) {
        part.text += unpack(pqxx::binarystring(row[1]), row[2].as<std::size_t>());
        part.next_seq = row[0].as<int>() + 1;
    }
    return part;
}

bool append_log(pqxx::transaction_base& tx, std::int64_t build_id, int tries, std::string_view text) {
    // The counter stands in the build, so a number is never used twice, not even after begin_log.
    static const std::string kAppendLog = R"sql(
        WITH mine AS (UPDATE bs_builds SET log_chunks = log_chunks + 1
                      WHERE id = $1 AND tries = $2 AND state = 'building'
                      RETURNING id, log_chunks)
        INSERT INTO bs_log_chunks (build_id, seq, bytes, size)
        SELECT id, log_chunks - 1, $3, $4 FROM mine)sql";
    const std::string packed = pack(text);
    const pqxx::binarystring bytes(packed.data(), packed.size());
    return tx.exec_params(kAppendLog, build_id, tries, bytes, text.size()).affected_rows() == 1;
}

bool begin_log(pqxx::transaction_base& tx, std::int64_t build_id, int tries) {
    static const std::string kMine =
        "SELECT 1 FROM bs_builds WHERE id = $1 AND tries = $2 AND state = 'building' FOR UPDATE";
    static const std::string kBeginLog = "DELETE FROM bs_log_chunks WHERE build_id = $1";
    if (tx.exec_params(kMine, build_id, tries).empty()) return false;
    tx.exec_params0(kBeginLog, build_id);
    return true;
}

}  // namespace heddle
