/* Opens a region of 4-byte packing; poppack.h closes it. Deliberately without an include guard. */
#pragma pack(push, 4)
