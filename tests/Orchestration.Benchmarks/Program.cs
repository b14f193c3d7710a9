using System.CommandLine;
using Orchestration.Benchmarks;
using Orchestration.Benchmarks.Ann;
using Orchestration.Benchmarks.BareHops;
using Orchestration.Benchmarks.Budgets;
using Orchestration.Benchmarks.Cache;
using Orchestration.Benchmarks.Chunking;
using Orchestration.Benchmarks.Conformance;
using Orchestration.Benchmarks.Explorer;
using Orchestration.Benchmarks.Gateway;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Benchmarks.Ledger;
using Orchestration.Benchmarks.Limits;
using Orchestration.Benchmarks.Micro;
using Orchestration.Benchmarks.Outages;
using Orchestration.Benchmarks.Policy;
using Orchestration.Benchmarks.Replay;
using Orchestration.Benchmarks.Residency;
using Orchestration.Benchmarks.Retrieval;
using Orchestration.Benchmarks.Revocation;
using Orchestration.Benchmarks.Routing;
using Orchestration.Benchmarks.Streams;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 160;
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
}

var root = new RootCommand("Measures the system. Each verb starts what it needs and exits 0 only when its bar holds.")
{
    GatewayCommand.Create(),
    StreamsCommand.Create(),
    LedgerCommand.Create(),
    IngestCommand.Create(),
    ExplorerCommand.Create(),
    ResidencyCommand.Create(),
    RevocationCommand.Create(),
    LimitsCommand.Create(),
    CacheCommand.Create(),
    BudgetsCommand.Create(),
    OutagesCommand.Create(),
    MicroCommand.Create(),
    PolicyCommand.Create(),
    ReplayCommand.Create(),
    RoutingCommand.Create(),
    ChunkingCommand.Create(),
    ConformanceCommand.Create(),
    BareHopCommand.Create(),
    RetrievalCommand.Create(),
    AnnCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidOperationException failure)
{
    // What the program could not start is for the reader to mend; a stack trace would hide the sentence.
    Screen.Wrong($"{failure.Message}");
    return 2;
}
