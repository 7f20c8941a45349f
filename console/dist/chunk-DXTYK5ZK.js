<<<<<<<< HEAD:console/dist/chunk-TOD6D5LS.js
import{j as t,o as i,q as o}from"./chunk-KJAOGOCD.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
========
import{i as t,n as i,p as o}from"./chunk-KUJWTN5X.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>>> 92558ee (Hold the agent's and the supervisor's day by tests, and search in smaller steps):console/dist/chunk-DXTYK5ZK.js
