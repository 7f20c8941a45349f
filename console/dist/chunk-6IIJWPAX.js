<<<<<<< HEAD:console/dist/chunk-QXLAGB76.js
<<<<<<< HEAD:console/dist/chunk-HTNLMMX3.js
<<<<<<< HEAD:console/dist/chunk-4DFQLTZA.js
<<<<<<< HEAD:console/dist/chunk-FBLWOTYP.js
<<<<<<< HEAD:console/dist/chunk-AX6DHM55.js
<<<<<<< HEAD:console/dist/chunk-YLWRCWKA.js
<<<<<<<< HEAD:console/dist/chunk-HTTPG3Y7.js
import{j as t,o as i,q as o}from"./chunk-MAUMUF7U.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
========
import{j as t,o as i,q as o}from"./chunk-IIRX6DIC.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-YLWRCWKA.js
=======
import{h as t,l as i,n as o}from"./chunk-ZEDZU3P4.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> 3a894b7 (Load the console's first part as one chunk):console/dist/chunk-AX6DHM55.js
=======
import{h as t,l as i,n as o}from"./chunk-2YG33GSV.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> b589c42 (Put the brief right where it stands):console/dist/chunk-FBLWOTYP.js
=======
import{h as t,l as i,n as o}from"./chunk-T4AZ2OBA.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> ddf5818 (Let the pencils be seen):console/dist/chunk-4DFQLTZA.js
=======
import{h as t,l as i,n as o}from"./chunk-B2YIESIY.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> 3a48afb (Suggest a reply where a model is configured):console/dist/chunk-HTNLMMX3.js
=======
import{h as t,l as i,n as o}from"./chunk-L22WYO3L.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> 54c7765 (Show what the site signed and what the page said apart):console/dist/chunk-QXLAGB76.js
=======
import{h as t,l as i,n as o}from"./chunk-UXQN3QWY.js";function c(s){let n=t(void 0),a=async e=>{let r=(await s[e]()).default;e===o.peek()&&(n.value=r)};return{w:(e,r={})=>(n.value?.[e]??e).replace(/\{(\w+)\}/g,(g,d)=>String(r[d]??"")),or:(e,r)=>n.value?.[e]??r,use(){return i(()=>{a(o.value)}),n.value!==void 0}}}export{c as a};
>>>>>>> 07e6845 (Show a model's wording of the brief beside the facts):console/dist/chunk-6IIJWPAX.js
