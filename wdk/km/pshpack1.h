/* Opens a region of 1-byte packing; poppack.h closes it. Deliberately without an include guard. */
#pragma pack(push, 1)
