# A DNS blocklist server on ECS behind a Network Load Balancer. The target group for UDP asks the sidecar
# lbcheck over HTTP: an NLB cannot ask DNS itself.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "vpc_id" { type = string }
variable "cluster" { type = string }
variable "subnets" { type = list(string) }
variable "security_groups" { type = list(string) }
variable "load_balancer_arn" { type = string }
variable "execution_role_arn" { type = string }

resource "aws_lb_target_group" "dnsbl" {
  name        = "dnsbl"
  port        = 53
  protocol    = "UDP"
  target_type = "ip"
  vpc_id      = var.vpc_id

  health_check {
    protocol            = "HTTP"
    port                = "8088"
    path                = "/"
    matcher             = "200"
    interval            = 10
    timeout             = 6
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "dnsbl" {
  load_balancer_arn = var.load_balancer_arn
  port              = 53
  protocol          = "UDP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.dnsbl.arn
  }
}

resource "aws_ecs_task_definition" "dnsbl" {
  family                   = "dnsbl"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.execution_role_arn
  container_definitions    = file("${path.module}/containers.json")
}

resource "aws_ecs_service" "dnsbl" {
  name            = "dnsbl"
  cluster         = var.cluster
  task_definition = aws_ecs_task_definition.dnsbl.arn
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnets
    security_groups = var.security_groups
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.dnsbl.arn
    container_name   = "rbldnsd"
    container_port   = 53
  }
}
