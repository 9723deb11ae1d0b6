// A shared object, but no model.
extern "C" int something_else() { return 1; }
