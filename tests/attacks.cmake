# Attacks on ourselves in bounded time (a few minutes): kills by signal and instant, faults of disks and files, forged passes, hostile
# inputs. ctest --preset release -L '^attacks$' -V | grep -E 'MESSAGE|test cases:' shows the counts. Most run in small numbers among the
# other tests too; tests/run.sh leaves these entries out.
function(attack name executable pattern)
  add_test(NAME attack_${name} COMMAND test_${executable} "--test-case=${pattern}")
  set_tests_properties(attack_${name} PROPERTIES LABELS attacks TIMEOUT 600 ENVIRONMENT "${ARGN}" FAIL_REGULAR_EXPRESSION "test cases: *0 ")
endfunction()

# Verdicts of programs.
attack(signals sandbox "signals from outside*" BELLWETHER_ATTACKS=40)
attack(interruptions sandbox "*killed*,*stopped*,*interrupted*,*full is no program's fault")
attack(self_endings sandbox "*ends itself like*")
attack(forgeries sandbox "no way of passing*,*forges by chance*")
attack(escapes sandbox "*frame or object leads*,memory that no limit*,neither namespaces*")

# Outputs, databases and files that are taken away.
attack(writers base "killed at random instants writers*,a disk that is full*,many writers of one name*" BELLWETHER_KILLS=400)
attack(outputs outputs "*")
attack(run_kills run "a run that is killed*")
attack(command_kills cli "a process that is killed*" BELLWETHER_KILLS=12)
attack(merges merge "of merges to one name*,forged counts*")
attack(databases store "*cut or replaced*,*not synced,*power cuts off*,*read-only*,*lock of another*")
attack(weights engine "*shortened while*")

# Hostile inputs.
attack(tampered store "triggers of a file*,*hides in its schema*,counts that cannot be*,values of any size*,tables that are not*")
attack(json base "nesting is bounded*,more bytes than*")
attack(model_files engine_formats "*mutated*,*random*,*truncated*")
attack(printing cli_calls "no verb that reads*,what is typed*")
attack(reports results "*hostile database*")
attack(downloads download "*")
