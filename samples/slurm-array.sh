#!/usr/bin/env bash
# Scores with a Slurm job array, each task a share of the records:
#   sbatch --array=0-15 samples/slurm-array.sh texts.jsonl -o parts
#   gau merge parts -o scored.jsonl
# Single tasks again, with the number of shares that all have:
#   GAU_SHARD_COUNT=16 sbatch --array=3,7 samples/slurm-array.sh texts.jsonl -o parts
#SBATCH --job-name=gau
#SBATCH --cpus-per-task=8
#SBATCH --time=12:00:00
#SBATCH --signal=TERM@60         # a minute before the time limit: write what is computed, and end
#SBATCH --requeue                # the task of a node that is lost runs again on another
#SBATCH --open-mode=append
#SBATCH --output=gau-%A_%a.log

# Since Slurm 22.05 srun does not take the number of processors from sbatch.
# --force, where an input was changed, starts over; all others go on.
case " $* " in *' --force '*) resume='' ;; *) resume=--resume ;; esac
srun --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" ${GAU:-gau} score "$@" --shard auto $resume
code=$?
echo "$(date -Is) ${SLURMD_NODENAME:-}: task ${SLURM_ARRAY_TASK_ID:-} ended with $code, run ${SLURM_RESTART_COUNT:-0}"

# Interrupted, or a disk or another attempt in the way: the next run goes on where this one ended. Anything else would end
# the same way again.
case $code in
  74 | 75 | 130 | 137 | 143)
    [ "${SLURM_RESTART_COUNT:-0}" -lt 20 ] && scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    ;;
esac
exit "$code"
