#include "wudfx/hresult.h"

#include <gtest/gtest.h>

namespace wudfx {
namespace {

TEST(Hresult, success_stays_success) {
    EXPECT_EQ(hresult_from(STATUS_SUCCESS), S_OK);
    EXPECT_EQ(hresult_from(STATUS_PENDING), S_OK);
    EXPECT_EQ(status_from(S_OK), STATUS_SUCCESS);
    EXPECT_EQ(status_from(S_FALSE), STATUS_SUCCESS);
}

TEST(Hresult, statuses_with_an_error_of_user_mode_become_that) {
    EXPECT_EQ(hresult_from(STATUS_INVALID_PARAMETER),
              static_cast<HRESULT>(0x80070057));  // E_INVALIDARG
    EXPECT_EQ(hresult_from(STATUS_CANCELLED), HRESULT_FROM_WIN32(ERROR_OPERATION_ABORTED));
    EXPECT_EQ(hresult_from(STATUS_ACCESS_DENIED), E_ACCESSDENIED);
    EXPECT_EQ(hresult_from(STATUS_INSUFFICIENT_RESOURCES), E_OUTOFMEMORY);
}

TEST(Hresult, other_statuses_are_wrapped_and_come_back) {
    const HRESULT wrapped = hresult_from(STATUS_WDF_PAUSED);
    EXPECT_EQ(wrapped, HRESULT_FROM_NT(STATUS_WDF_PAUSED));
    EXPECT_EQ(status_from(wrapped), STATUS_WDF_PAUSED);
}

TEST(Hresult, errors_of_user_mode_become_their_status) {
    EXPECT_EQ(status_from(HRESULT_FROM_WIN32(ERROR_INVALID_FUNCTION)),
              STATUS_INVALID_DEVICE_REQUEST);
    EXPECT_EQ(status_from(HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(status_from(E_INVALIDARG), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(status_from(HRESULT_FROM_WIN32(ERROR_DRIVER_PROCESS_TERMINATED)),
              STATUS_UNSUCCESSFUL);  // none of ours: still a failure
}

TEST(Hresult, results_of_com_itself_are_failures) {
    EXPECT_EQ(status_from(E_NOTIMPL), STATUS_NOT_IMPLEMENTED);
    EXPECT_EQ(status_from(E_FAIL), STATUS_UNSUCCESSFUL);
    EXPECT_EQ(status_from(E_ABORT), STATUS_CANCELLED);
}

}  // namespace
}  // namespace wudfx
