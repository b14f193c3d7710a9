using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Orchestration.AppHost.Probe;

// A service reduced to what its host can see: it writes down what it was given, answers health questions, and ends when told.
Journal.Append("started");
Journal.WriteEnvironment(args);
if (args is ["complete", var code])
    return int.Parse(code, CultureInfo.InvariantCulture);

if (ProbeSettings.HasChild)
    Process.Start("sleep", ["3600"]);

using var ended = new ManualResetEventSlim();
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    Journal.Append("terminated");
    if (!ProbeSettings.IgnoresTermination)
        ended.Set();
});
using var health = HealthAnswers.Start();
Console.WriteLine($"\u001b[32minfo\u001b[0m: {ProbeSettings.Name} is up");
ended.Wait();
Journal.Append("ended");
return 0;
