#include "firmware/table_set.h"

#include <fmt/format.h>

#include "firmware/acpica.h"
#include "firmware/table_map.h"

namespace gpioclx::firmware {
namespace {

constexpr char oem_id[] = "GPCLX ";
constexpr char oem_table_id[] = "MACHINE ";

void fill_header(acpi_table_header& header, const char* signature, std::size_t length,
                 u8 revision) {
    header = {};
    memcpy(header.signature, signature, ACPI_NAMESEG_SIZE);
    header.length = static_cast<u32>(length);
    header.revision = revision;
    memcpy(header.oem_id, oem_id, ACPI_OEM_ID_SIZE);
    memcpy(header.oem_table_id, oem_table_id, ACPI_OEM_TABLE_ID_SIZE);
    header.oem_revision = 1;
    memcpy(header.asl_compiler_id, "GPCX", ACPI_NAMESEG_SIZE);
    header.asl_compiler_revision = 1;
}

template <typename T>
Table as_table(const T& content) {
    Table table;
    table.bytes.resize(sizeof(T));
    memcpy(table.bytes.data(), &content, sizeof(T));
    set_checksum(table.bytes);
    return table;
}

// No AML. Revision 2: integers of 64 bits.
Table empty_dsdt() {
    acpi_table_header header;
    fill_header(header, ACPI_SIG_DSDT, sizeof header, 2);
    return as_table(header);
}

// Hardware-reduced: no ACPI register blocks, so none must be modelled.
Table fadt(std::uint64_t dsdt_address) {
    acpi_table_fadt fadt = {};
    fill_header(fadt.header, ACPI_SIG_FADT, sizeof fadt, 6);
    fadt.minor_revision = 3;
    fadt.flags = ACPI_FADT_HW_REDUCED;
    fadt.Xdsdt = dsdt_address;
    return as_table(fadt);
}

Table xsdt(const std::vector<std::uint64_t>& addresses) {
    acpi_table_header header;
    fill_header(header, ACPI_SIG_XSDT, sizeof header + 8 * addresses.size(), 1);
    Table table = as_table(header);
    for (const std::uint64_t address : addresses) {
        for (int i = 0; i < 8; ++i) {
            table.bytes.push_back(static_cast<std::uint8_t>(address >> (8 * i)));
        }
    }
    set_checksum(table.bytes);
    return table;
}

std::uint8_t checksum_of(const void* bytes, std::size_t size) {
    std::uint8_t sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<const std::uint8_t*>(bytes)[i];
    return static_cast<std::uint8_t>(-sum);
}

Table rsdp(std::uint64_t xsdt_address) {
    acpi_table_rsdp rsdp = {};
    memcpy(rsdp.signature, ACPI_SIG_RSDP, sizeof rsdp.signature);
    memcpy(rsdp.oem_id, oem_id, ACPI_OEM_ID_SIZE);
    rsdp.revision = 2;
    rsdp.length = sizeof rsdp;
    rsdp.xsdt_physical_address = xsdt_address;
    rsdp.checksum = checksum_of(&rsdp, ACPI_RSDP_CHECKSUM_LENGTH);
    rsdp.extended_checksum = checksum_of(&rsdp, sizeof rsdp);
    Table table;
    table.bytes.resize(sizeof rsdp);
    memcpy(table.bytes.data(), &rsdp, sizeof rsdp);
    return table;
}

}  // namespace

Result<std::vector<Table>> complete_tables(std::vector<Table> tables,
                                           std::vector<std::string>* ignored) {
    std::vector<Table> dsdt;
    std::vector<Table> rest;
    for (Table& table : tables) {
        const std::string signature = table.signature();
        if (signature == ACPI_SIG_DSDT) {
            if (!dsdt.empty()) {
                return Error{.message = "a second DSDT: a machine has one, the others are SSDTs",
                             .file = table.file,
                             .hint = "the first one is " + dsdt.front().file};
            }
            dsdt.push_back(std::move(table));
        } else if (signature == ACPI_SIG_SSDT || signature == ACPI_SIG_PSDT) {
            rest.push_back(std::move(table));
        } else {
            ignored->push_back(fmt::format("{}: table {} is not used", table.file, signature));
        }
    }
    if (dsdt.empty()) dsdt.push_back(empty_dsdt());

    // Order and addresses belong together: RSDP, XSDT, FADT, DSDT, then the others.
    const std::size_t total = 4 + rest.size();
    if (total > OsLayer::max_tables) {
        return Error{.message = fmt::format("{} tables are more than the {} that fit", total,
                                            OsLayer::max_tables)};
    }
    std::vector<std::uint64_t> listed{table_address(2)};
    for (std::size_t i = 4; i < total; ++i) listed.push_back(table_address(i));
    std::vector<Table> complete;
    complete.push_back(rsdp(table_address(1)));
    complete.push_back(xsdt(listed));
    complete.push_back(fadt(table_address(3)));
    complete.push_back(std::move(dsdt.front()));
    for (Table& table : rest) complete.push_back(std::move(table));
    return complete;
}

}  // namespace gpioclx::firmware
