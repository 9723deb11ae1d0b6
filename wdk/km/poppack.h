/* Closes the packing region that a pshpackN.h opened. Deliberately without an include guard. */
#pragma pack(pop)
