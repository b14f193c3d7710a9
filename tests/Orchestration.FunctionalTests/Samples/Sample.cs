using Orchestration.Testing;

namespace Orchestration.FunctionalTests.Samples;

/// <summary>A program of the folder samples.</summary>
/// <param name="Folder">Where it runs, below samples.</param>
/// <param name="Command">How it is started.</param>
/// <param name="Tools">What must be on the machine for it.</param>
internal sealed record Sample(string Folder, string[] Command, params string[] Tools)
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Every program, by the name that the tests know it under.</summary>
    public static IReadOnlyDictionary<string, Sample> All { get; } = new Dictionary<string, Sample>
    {
        ["curl"] = new("curl", ["bash", "chat.sh"], "bash", "curl"),
        ["python/standard_library"] = new("python", ["python3", "standard_library.py"], "python3"),
        ["python/openai"] = new("python", ["python3", "openai_chat.py"], "python3") { PythonPackage = "openai", CallsTool = true },
        ["python/anthropic"] = new("python", ["python3", "anthropic_chat.py"], "python3") { PythonPackage = "anthropic" },
        ["javascript/openai"] = new("javascript", ["node", "openai-chat.js"], "node", "npm") { Npm = true, CallsTool = true },
        ["javascript/anthropic"] = new("javascript", ["node", "anthropic-chat.js"], "node", "npm") { Npm = true },
        ["java"] = new("java", ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "Chat.java"], "java", "javac"),
        ["csharp/ClientLibrary"] = new("csharp", ["dotnet", Built("ClientLibrary")], "dotnet") { Grpc = true, CallsTool = true },
        ["csharp/OfficialSdk"] = new("csharp", ["dotnet", Built("OfficialSdk")], "dotnet"),
        ["go"] = new("go", ["bash", "-c", "./generate.sh && go mod tidy && go run ."], "go", "protoc", "protoc-gen-go", "protoc-gen-go-grpc") { Grpc = true },
    };

    /// <summary>Speaks to the gRPC port.</summary>
    public bool Grpc { get; init; }

    /// <summary>Has a tool called.</summary>
    public bool CallsTool { get; init; }

    /// <summary>Needs the packages of its lock file.</summary>
    public bool Npm { get; init; }

    /// <summary>Package without which it can only be compiled.</summary>
    public string? PythonPackage { get; init; }

    public string Directory => Path.Combine(RepositoryRoot.Path, "samples", Folder);

    /// <summary>The one place where it is decided whether the machine can run it: null, or the tool that is missing.</summary>
    public string? MissingTool => Array.Find(Tools, tool => !IsOnPath(tool));

    private static string Built(string project) => Path.Combine(RepositoryRoot.Path, "artifacts", "bin", project, Configuration, $"{project}.dll");

    private static bool IsOnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
