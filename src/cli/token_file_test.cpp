#include "cli/token_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gpioclx::cli {
namespace {

namespace fs = std::filesystem;

class TokenFile : public ::testing::Test {
  protected:
    void SetUp() override {
        before_ = fs::current_path();
        folder_ = fs::temp_directory_path() / ("gpioclx-token-" + std::to_string(getpid()));
        fs::create_directories(folder_);
        fs::current_path(folder_);
    }
    void TearDown() override {
        fs::current_path(before_);
        fs::remove_all(folder_);
    }

  private:
    fs::path before_, folder_;
};

TEST_F(TokenFile, a_token_that_can_be_pasted_stays) {
    const std::string token = "x2" + std::string(198, 'A');
    EXPECT_EQ(token_word(token), token);
    EXPECT_TRUE(fs::is_empty("."));
    EXPECT_EQ(*token_of_word(token), token);
}

TEST_F(TokenFile, a_longer_one_goes_to_a_file_and_comes_back) {
    const std::string token = "x2" + std::string(199, 'A');
    const std::string word = token_word(token);
    EXPECT_LT(word.size(), 30u);
    EXPECT_EQ(word, token_word(token));
    EXPECT_NE(word, token_word(token + "B"));
    EXPECT_EQ(*token_of_word(word), token);
}

TEST_F(TokenFile, a_file_without_a_token_is_named) {
    std::ofstream("empty.token").close();
    const auto token = token_of_word("empty.token");
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().file, "empty.token");
}

}  // namespace
}  // namespace gpioclx::cli
