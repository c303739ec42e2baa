#!/bin/sh
# A real Slurm cluster on this computer, in the foreground: munge, slurmctld, and nodes n1 ... that see no
# processes but their own, so that each counts as a computer. See slurm.ts.
#
# usage: slurm.sh DIR COUNT CONTROL_PORT NODE_PORT...     (root)
set -eu
dir=$1 count=$2 control=$3
shift 3
cd "$dir"
mkdir state log
dd if=/dev/urandom of=munge.key bs=1024 count=1 2>/dev/null
chmod 400 munge.key
host=$(hostname -s)
{
	cat <<-END
		ClusterName=lab
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$control
		AuthType=auth/munge
		AuthInfo=socket=$dir/munge.socket
		CredType=cred/munge
		SlurmUser=root
		SlurmdUser=root
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/spool-%n
		SlurmctldPidFile=$dir/slurmctld.pid
		SlurmdPidFile=$dir/%n.pid
		SlurmctldLogFile=$dir/log/slurmctld.log
		SlurmdLogFile=$dir/log/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		ReturnToService=2
		MpiDefault=none
		SwitchType=switch/none
		JobCompType=jobcomp/none
		AccountingStorageType=accounting_storage/none
	END
	k=0
	for port; do
		k=$((k + 1))
		mkdir "spool-n$k"
		echo "NodeName=n$k NodeHostname=$host NodeAddr=127.0.0.1 Port=$port CPUs=2 RealMemory=1000"
	done
	echo "PartitionName=debug Nodes=n[1-$count] Default=YES MaxTime=60 State=UP"
} >slurm.conf
export SLURM_CONF="$dir/slurm.conf"
munged --foreground --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" \
	--pid-file="$dir/munge.pid" --seed-file="$dir/munge.seed" --log-file="$dir/log/munged.log" &
until munge -n -S "$dir/munge.socket" </dev/null >/dev/null 2>&1; do sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" &
k=0
for port; do
	k=$((k + 1))
	unshare --pid --fork --kill-child --mount-proc slurmd -D -f "$SLURM_CONF" -N "n$k" &
done
wait
