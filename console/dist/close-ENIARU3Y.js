import{a as o,b as r}from"./chunk-TTRYEYLU.js";import"./chunk-MYFGSCTE.js";import"./chunk-IVIVENWP.js";import"./chunk-LGQN45VZ.js";import"./chunk-DSOUQJEZ.js";export{r as Choice,o as default};
