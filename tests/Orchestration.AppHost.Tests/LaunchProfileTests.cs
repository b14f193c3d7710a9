using Orchestration.AppHost.Local.Running;

namespace Orchestration.AppHost.Tests;

public sealed class LaunchProfileTests
{
    [Fact]
    public void A_profile_gives_addresses_arguments_and_variables_that_nobody_set()
    {
        using var system = new ProbeSystem();
        var folder = Directory.CreateDirectory(Path.Combine(system.Folder, "project", "Properties"));
        File.WriteAllText(Path.Combine(folder.FullName, "launchSettings.json"), """
            { "profiles": {
                "container": { "commandName": "Docker" },
                "web": { "commandName": "Project", "commandLineArgs": "--a --b", "applicationUrl": "https://localhost:7001;http://localhost:7002",
                         "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development", "Own": "profile" } } } }
            """);
        var project = new ProjectResource("web", new Somewhere(Path.Combine(system.Folder, "project", "web.csproj")), new ProjectResourceOptions());
        project.EnvironmentChanges.Add(environment => environment["Later"] = "yes");

        LaunchProfile.Find(project, system.Builder.Configuration)!.ApplyTo(project);
        PortPlan.Allocate([project], randomPorts: false);
        var variables = ProjectEnvironment.Of(project, 0, system.Settings, collector: null);

        project.Arguments.ShouldBe(["--a", "--b"]);
        variables["ASPNETCORE_URLS"].ShouldBe("https://localhost:7001;http://localhost:7002");
        variables["DOTNET_LAUNCH_PROFILE"].ShouldBe("web");
        variables["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        variables["Own"].ShouldBe("profile");
    }

    [Fact]
    public void Kestrel_endpoints_take_precedence_and_a_single_one_is_called_after_its_scheme()
    {
        using var system = new ProbeSystem();
        var folder = Directory.CreateDirectory(Path.Combine(system.Folder, "project"));
        File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), """{ "Kestrel": { "Endpoints": { "public": { "Url": "http://*:5080" } } } }""");
        var project = new ProjectResource("web", new Somewhere(Path.Combine(folder.FullName, "web.csproj")), new ProjectResourceOptions());

        KestrelEndpoints.AddTo(project, "Development");
        PortPlan.Allocate([project], randomPorts: false);

        project.Endpoints.Single().Name.ShouldBe("http");
        ProjectEnvironment.Of(project, 0, system.Settings, collector: null)["Kestrel__Endpoints__public__Url"].ShouldBe("http://localhost:5080");
    }

    private sealed record Somewhere(string ProjectPath) : IProjectMetadata
    {
        public string AssemblyPath => "";
    }
}
