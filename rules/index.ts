// Written by `npm run rules-index` from the files beside it.

export const rules = {
};
