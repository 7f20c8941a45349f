import{a as o,b as r}from"./chunk-NXACSHUV.js";import"./chunk-N24YRSZU.js";import"./chunk-P23FDAGN.js";import"./chunk-AX6DHM55.js";import"./chunk-ZEDZU3P4.js";export{r as Choice,o as default};
