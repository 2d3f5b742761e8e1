// Functions for what GLSL's own are not accurate enough for: they may be off by a whole level.
// Written for float and for vec4: T is the type, I its whole numbers.

T aExp(T x) { // as Cephes' expf: x = n ln 2 + r
  x = clamp(x, T(-87.3), T(88.3));
  T n = roundEven(x * 1.44269504);
  T r = (x - n * 0.693359375) + n * 2.12194440e-4;
  T p = ((((1.98756915e-4 * r + 1.39819995e-3) * r + 8.33345191e-3) * r + 4.16657959e-2) * r + 1.66666655e-1) * r + 0.5;
  return (p * r * r + r + 1.0) * intBitsToFloat((I(n) + 127) << 23);
}

T aLog(T x) { // ln x = e ln 2 + 2 atanh((m - 1) / (m + 1))
  I bits = floatBitsToInt(x);
  T e = T((bits >> 23) - 127);
  T m = intBitsToFloat((bits & 0x007fffff) | 0x3f800000);
  e = mix(e, e + 1.0, aGt(m, T(1.41421356)));
  m = mix(m, 0.5 * m, aGt(m, T(1.41421356)));
  T s = (m - 1.0) / (m + 1.0);
  T q = s * s;
  T y = e * 0.693359375 + (2.0 * s * (1.0 + q * (0.333333333 + q * (0.2 + q * (0.142857143 + q * 0.111111111)))) - e * 2.12194440e-4);
  return mix(T(intBitsToFloat(int(0xff800000u))), y, aGt(x, T(0.0)));
}

T aTanh(T x) { // as Cephes' tanhf near 0, where the exponential would cancel
  T a = min(abs(x), T(9.1));
  T q = x * x;
  T near = ((((-5.70498872e-3 * q + 2.06390887e-2) * q - 5.37397155e-2) * q + 1.33314422e-1) * q - 3.33332819e-1) * q * x + x;
  return mix(sign(x) * (1.0 - 2.0 / (aExp(2.0 * a) + 1.0)), near, aLt(a, T(0.625)));
}

T aSinh(T x) {
  T q = x * x;
  T e = aExp(abs(x));
  T near = x * (1.0 + q * (0.166666667 + q * (8.33333333e-3 + q * 1.98412698e-4)));
  return mix(sign(x) * (0.5 * e - 0.5 / e), near, aLt(abs(x), T(0.5)));
}

T aCosh(T x) { T e = aExp(abs(x)); return 0.5 * e + 0.5 / e; }

T aAtan(T x) { // as Cephes' atanf, for all of the line
  T a = abs(x);
  T flipped = mix(a, 1.0 / a, aGt(a, T(1.0)));
  T t = mix(flipped, (flipped - 1.0) / (flipped + 1.0), aGt(flipped, T(0.414213562)));
  T q = t * t;
  T y = (((8.05374450e-2 * q - 1.38776856e-1) * q + 1.99777107e-1) * q - 3.33329492e-1) * q * t + t;
  y = mix(y, y + 0.785398163, aGt(flipped, T(0.414213562)));
  return sign(x) * mix(y, 1.57079633 - y, aGt(a, T(1.0)));
}

T aAtan2(T y, T x) {
  T turn = mix(T(-3.14159265), T(3.14159265), aGe(y, T(0.0)));
  T angle = aAtan(y / x);
  T side = mix(T(-1.57079633), T(1.57079633), aGe(y, T(0.0))) * abs(sign(y));
  return mix(mix(angle, angle + turn, aLt(x, T(0.0))), side, aEq(x, T(0.0)));
}

T aPow(T a, T b) { // whole powers of negative numbers included
  T p = aExp(b * aLog(abs(a)));
  T odd = abs(b - 2.0 * floor(0.5 * b));
  T other = mix(T(intBitsToFloat(0x7fc00000)), mix(p, -p, aEq(odd, T(1.0))), aEq(b, floor(b)));
  return mix(p, other, aLt(a, T(0.0)));
}

T aCbrt(T x) { return sign(x) * aExp(aLog(abs(x)) * 0.333333333); }

T aMod(T a, T b) { return a - b * floor(a / b); }
