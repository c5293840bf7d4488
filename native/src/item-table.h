// What was found of many items, in a form that JavaScript takes in one piece: all their texts in one, all their numbers in one.
#pragma once

#include <linux/stat.h>
#include <node_api.h>

#include <string>
#include <string_view>
#include <vector>

/** Texts of each item: name, identity, fingerprint, device, target. Numbers: outcome, kind, size, modification time in µs, executable. */
class ItemTable {
 public:
  /** As src/disk/observe.ts has it. `outcome` is for whoever reads it; `target` of a link. */
  void Add(std::string_view name, const struct statx& stat, double outcome, std::string_view target);
  /** One of which nothing is known. */
  void AddUnknown(std::string_view name, double outcome);
  size_t count() const { return numbers_.size() / kNumbers; }
  /** { texts, numbers }; nullptr after an error. */
  napi_value Make(napi_env env) const;

 private:
  static constexpr size_t kNumbers = 5;
  void AddText(std::string_view text);

  std::string texts_;
  std::vector<double> numbers_;
};

/** Float64Array with these values. */
napi_value MakeNumbers(napi_env env, const std::vector<double>& numbers);
