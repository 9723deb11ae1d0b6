// The tables that ACPICA gets: the user's definition blocks, and around them the RSDP, XSDT, FADT
// and (for a lone SSDT) an empty DSDT that a platform's firmware would have.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/result.h"
#include "firmware/table.h"

namespace gpioclx::firmware {

// One DSDT at most, any number of SSDTs. What only a whole platform's firmware contains (FACP,
// XSDT, MADT, ...) is left out and named in `ignored`. The result goes to map_tables().
Result<std::vector<Table>> complete_tables(std::vector<Table> tables,
                                           std::vector<std::string>* ignored);

}  // namespace gpioclx::firmware
