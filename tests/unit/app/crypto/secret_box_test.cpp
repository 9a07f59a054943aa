// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/secret_box.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <vector>

using namespace heddle;
namespace fs = std::filesystem;

namespace {

/// A folder of the test's own.
struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "heddle-key-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
    fs::path key() const { return path / "secret.key"; }
};

std::string content(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

void write(const fs::path& file, const std::string& text, unsigned mode = 0600) {
    std::ofstream(file, std::ios::binary) << text;
    REQUIRE(chmod(file.c_str(), mode) == 0);
}

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

std::string error_of_reading(const fs::path& file) {
    try {
        SecretBox::read(file);
    } catch (const KeyFileError& error) {
        return error.what();
    }
    return {};
}

const std::string kKnownKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

}  // namespace

TEST_CASE("a secret comes back out of its box") {
    const Folder folder;
    const SecretBox box = SecretBox::create(folder.key());
    for (const std::string& secret :
         {std::string(), std::string("s3cret"), std::string("\0\xff", 2), std::string(5000, 'x')}) {
        const std::string sealed = box.seal(secret, "tokens.secret/12");
        CHECK(sealed.size() == secret.size() + 37);
        CHECK(box.open(sealed, "tokens.secret/12") == secret);
    }
}

TEST_CASE("the same secret is sealed differently each time") {
    const Folder folder;
    const SecretBox box = SecretBox::create(folder.key());
    CHECK(box.seal("s3cret", "row") != box.seal("s3cret", "row"));
}

TEST_CASE("a box that was moved or changed does not open") {
    const Folder folder;
    const SecretBox box = SecretBox::create(folder.key());
    const std::string sealed = box.seal("s3cret", "tokens.secret/12");
    CHECK_THROWS_AS(box.open(sealed, "tokens.secret/13"), std::runtime_error);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        CAPTURE(i);
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_THROWS_AS(box.open(changed, "tokens.secret/12"), std::runtime_error);
        CHECK_THROWS_AS(box.open(sealed.substr(0, i), "tokens.secret/12"), std::runtime_error);
    }
}

TEST_CASE("a box of another key is refused as such") {
    const Folder one, other;
    const std::string sealed = SecretBox::create(one.key()).seal("s3cret", "row");
    CHECK_THROWS_AS(SecretBox::create(other.key()).open(sealed, "row"), KeyFileError);
}

TEST_CASE("boxes and digests of earlier versions stay valid") {
    const Folder folder;
    write(folder.key(), kKnownKey);
    const SecretBox box = SecretBox::read(folder.key());
    CHECK(box.key_id() == "e53d604ef8ecccb6");
    const std::string sealed =
        from_hex("01e53d604ef8ecccb6000102030405060708090a0b3431b569a0915df1275f6fe0a73cdf596b18daad7a2d");
    CHECK(box.open(sealed, "tokens.secret/1") == "s3cret");
    CHECK(box.digest("s3cret") ==
          from_hex("666c63a0c3ef7b754792206d73c6114c48751b80fe4745bcd08d8b001353e445"));
}

TEST_CASE("a key file is made once, for us only, and read again") {
    const Folder folder;
    const std::string id = SecretBox::create(folder.key()).key_id();
    struct stat found {};
    REQUIRE(stat(folder.key().c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0600);
    CHECK(content(folder.key()).size() == 65);
    CHECK(SecretBox::read(folder.key()).key_id() == id);
    CHECK_THROWS_AS(SecretBox::create(folder.key()), KeyFileError);
    CHECK(SecretBox::read(folder.key()).key_id() == id);
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("of processes that make the key file at once one wins, and nobody sees a half of it") {
    const Folder folder;
    std::vector<std::future<std::string>> all;
    for (int i = 0; i < 8; ++i)
        all.push_back(std::async(std::launch::async, [&folder] {
            try {
                return SecretBox::create(folder.key()).key_id();
            } catch (const KeyFileError&) {
                return SecretBox::read(folder.key()).key_id();
            }
        }));
    const std::string winner = all.front().get();
    CHECK(winner == SecretBox::read(folder.key()).key_id());
    for (auto one = std::next(all.begin()); one != all.end(); ++one) CHECK(one->get() == winner);
}

TEST_CASE("a key file that is not ours alone is refused") {
    const Folder folder;
    const std::string refusal =
        "the key file " + folder.key().string() + " must be a file of our own with mode 0600";
    for (const unsigned mode : {0640U, 0604U, 0620U, 0666U}) {
        write(folder.key(), kKnownKey, mode);
        CHECK(error_of_reading(folder.key()) == refusal);
    }
    if (geteuid() == 0) {  // only root can give a file away
        write(folder.key(), kKnownKey);
        REQUIRE(chown(folder.key().c_str(), 65534, 65534) == 0);
        CHECK(error_of_reading(folder.key()) == refusal);
    }
    CHECK(error_of_reading(folder.path) ==
          "the key file " + folder.path.string() + " must be a file of our own with mode 0600");
}

TEST_CASE("a key file that is missing, a link or malformed is one sentence") {
    const Folder folder;
    CHECK(error_of_reading(folder.key()) ==
          "the key file " + folder.key().string() + " can't be opened: No such file or directory");
    write(folder.path / "other", kKnownKey);
    fs::create_symlink(folder.path / "other", folder.path / "link");
    CHECK(error_of_reading(folder.path / "link").starts_with("the key file "));
    const std::string key = kKnownKey.substr(0, 64);
    for (const std::string& text : {std::string(),
                                    key,
                                    key + "\n\n",
                                    key + "0\n",
                                    key.substr(1) + "\n",
                                    key.substr(0, 63) + "g\n",
                                    key.substr(0, 63) + "A\n",
                                    std::string(65, '\0')}) {
        CAPTURE(text);
        write(folder.key(), text);
        CHECK(error_of_reading(folder.key()) ==
              "the key file " + folder.key().string() + " must hold 64 hex digits and a line end");
    }
}

TEST_CASE("a key file that can't be made is one sentence and leaves nothing") {
    const Folder folder;
    const fs::path file = folder.path / "missing/secret.key";
    CHECK_THROWS_WITH_AS(
        SecretBox::create(file),
        ("the key file " + file.string() + " can't be made: No such file or directory").c_str(),
        KeyFileError);
}

TEST_CASE("random text is as long as asked for, and never the same") {
    CHECK(random_hex(16).size() == 32);
    CHECK(random_hex(16).find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(random_hex(16) != random_hex(16));
}
