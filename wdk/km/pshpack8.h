/* Opens a region of 8-byte packing; poppack.h closes it. Deliberately without an include guard. */
#pragma pack(push, 8)
