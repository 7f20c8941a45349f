import{a as o,b as r}from"./chunk-GH5VBORK.js";import"./chunk-EZBCVV53.js";import"./chunk-NB5Q2URI.js";import"./chunk-OBMHLAJE.js";import"./chunk-ZFS6YO67.js";export{r as Choice,o as default};
