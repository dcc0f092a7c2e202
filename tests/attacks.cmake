# Attacks on our own program within a few minutes: kills by each signal and at random times, faults of disks and files,
# forged passes, hostile inputs. ctest --preset release -L '^attacks$' -V | grep -E 'MESSAGE|test cases:' shows the
# counts. Most also run in small numbers with the other tests; tests/run.sh leaves these entries out.
# The work of each is bounded by its counts. The limit only ends what hangs: the longest (outputs) took 258 s on two
# cores under a load of twenty. [s]
set(attack_timeout 3600)
function(attack_by option name executable pattern)
  add_test(NAME attack_${name} COMMAND test_${executable} "--${option}=${pattern}")
  set_tests_properties(attack_${name} PROPERTIES LABELS attacks TIMEOUT ${attack_timeout} ENVIRONMENT "${ARGN}" FAIL_REGULAR_EXPRESSION "test cases: *0 ")
endfunction()
function(attack)
  attack_by(test-case ${ARGV})
endfunction()
function(attack_suites)
  attack_by(test-suite ${ARGV})
endfunction()

# Verdicts of programs.
attack(signals sandbox "signals from outside*" BELLWETHER_ATTACKS=40)
attack(interruptions sandbox "*killed*,*stopped*,*interrupted*,*full process table*")
attack(self_endings sandbox "*ends itself as if*")
attack(forgeries sandbox "no way of passing*,*forges at random*")
attack(escapes sandbox "*frame or object leads*,memory that no limit*,a program gets no namespaces*")

# Lost or damaged outputs, databases and files.
attack(writers base "writers killed at random times*,a disk that is full*,many writers of one name*" BELLWETHER_KILLS=400)
attack_suites(outputs cli "harness.outputs")
attack(run_kills run "a run that is killed*")
attack(command_kills cli "a killed run continues*" BELLWETHER_KILLS=12)
attack(rating_kills study "every acknowledged rating*" BELLWETHER_KILLS=100)
attack(rating_orders study "in any order of events*" BELLWETHER_SCHEDULES=300)
attack(merges run "*concurrent merges*,forged counts*")
attack(databases store "*truncated or replaced*,*not synced,*power failure*,*read-only*,another process's lock*")
attack(weights engine "*shortened while*")

# Hostile inputs.
attack(tampered store "triggers of a file*,statements hidden*,impossible counts*,values of any size*,tables that do not match*")
attack(studies study "each mistake in a study file*,thousands of mistakes*")
attack(ratings interchange "each mistake in a file of ratings*,labels that belong to nothing*")
attack(json base "the depth is limited*,a text above the limit*")
attack(judged_files interchange "mutated files of pairs*,deep and long and empty*" BELLWETHER_ATTACKS=40)
attack(model_files engine_parts "*mutated*,*random*,*truncated*")
attack(printing_databases cli "no verb that reads a database*")
attack(printing_files cli "no verb that reads task files*,no verb that reads prompt sets*,labelled answers*,pairs and reward models*")
attack(printing_models cli "no verb that opens a model*")
attack(printing_calls cli "typed text*,a hostile log*,every verb has a hostile call*")
attack(cases cli "attack case:*")
attack(reports results "*hostile database*")
attack_suites(downloads web "download.archive,harness.download")
