import{a as o,b as r}from"./chunk-LPZ46QJN.js";import"./chunk-ZPCC2YSF.js";import"./chunk-FA4LLHMV.js";import"./chunk-X6VHXAEU.js";import"./chunk-HOX2WIU5.js";export{r as Choice,o as default};
